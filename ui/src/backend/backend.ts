// What the page asks of the desk, and how it hears from it. There are two: `tauri.ts` for the app, and `memory.ts`
// for design work and tests in a plain browser. Nobody else in the page knows which one is there.

import type {
  Armed,
  CameraState,
  CameraView,
  CodePurpose,
  CodeShown,
  DemoView,
  DeskEvent,
  DoorView,
  DropReason,
  Failure,
  HoldView,
  HostHit,
  InvitationScreen,
  InvitationView,
  InviteForm,
  Language,
  PassScreen,
  PassView,
  PressReason,
  PressView,
  Printed,
  Proof,
  QueueRow,
  ReaderAnswer,
  RegisterForm,
  Reserve,
  Role,
  SessionView,
  SignatureView,
  StaffView,
  Station,
  StationInfo,
  Status,
  VerdictView,
  VisitView,
} from "../bindings.gen";

export type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Failure };
export type Asked<T> = Promise<Answer<T>>;

export interface Backend {
  /** Why there is no desk, in plain words. */
  cannotStart(): Asked<string | null>;
  stationInfo(): Asked<StationInfo>;
  status(): Asked<Status>;
  switchStation(station: Station): Asked<StationInfo>;
  session(): Asked<SessionView>;
  staffNames(approvers: boolean): Asked<string[]>;
  signIn(name: string, secret: string): Asked<Proof>;
  signOff(): Asked<null>;
  stayActive(): Asked<null>;
  approveHold(door: string, minutes: number, name: string, secret: string): Asked<Proof>;
  staff(): Asked<StaffView[]>;
  addStaff(name: string, role: Role, secret: string): Asked<StaffView>;
  setStaffRole(staff: string, role: Role): Asked<StaffView>;
  setStaffSecret(staff: string, secret: string): Asked<StaffView>;
  setStaffDisabled(staff: string, disabled: boolean): Asked<StaffView>;
  registerVisitor(form: RegisterForm): Asked<PassScreen>;
  findHosts(typed: string): Asked<HostHit[]>;
  returning(phone: string): Asked<CodeShown | null>;
  showCode(purpose: CodePurpose, text: string): Asked<CodeShown>;
  startCodeScanning(purpose: CodePurpose): Asked<CameraState>;
  callForHelp(): Asked<null>;
  helpWaitsSince(): Asked<number | null>;
  helpSeen(): Asked<null>;
  signature(visit: string): Asked<SignatureView | null>;
  invitations(): Asked<InvitationView[]>;
  invitationScreen(invitation: string): Asked<InvitationScreen>;
  invite(form: InviteForm): Asked<InvitationScreen>;
  revokeInvitation(invitation: string): Asked<InvitationView>;
  passScreen(pass: string): Asked<PassScreen>;
  printPass(pass: string, language: Language, again: boolean): Asked<Printed>;
  todaysVisits(): Asked<VisitView[]>;
  signOut(visit: string): Asked<VisitView>;
  revokePass(pass: string): Asked<PassView>;
  verifyCode(text: string): Asked<VerdictView>;
  findPass(text: string): Asked<PassView>;
  sendAgain(pass: string): Asked<PassView>;
  doors(): Asked<DoorView[]>;
  armDoor(door: string): Asked<Armed>;
  pressDoor(token: string, reason: PressReason): Asked<PressView>;
  notePress(press: string, note: string): Asked<PressView>;
  readDoors(): Asked<null>;
  doorLog(): Asked<PressView[]>;
  holdOpen(token: string, minutes: number): Asked<HoldView>;
  endHold(hold: string): Asked<HoldView>;
  holds(): Asked<HoldView[]>;
  cameras(): Asked<CameraView[]>;
  startScanning(camera: string | null): Asked<CameraState>;
  stopScanning(): Asked<null>;
  queue(): Asked<QueueRow[]>;
  retryRow(id: number): Asked<null>;
  dropRow(id: number, reason: DropReason): Asked<null>;
  reserve(): Asked<Reserve>;
  demo(): Asked<DemoView>;
  setNetworkDown(down: boolean): Asked<DemoView>;
  presentPass(door: string, pass: string): Asked<ReaderAnswer>;
  /** The address of the n-th preview picture; a new n is a new picture. */
  previewAddress(n: number): string;
  /** Tells every desk event to `hear` from now on. The promise ends when listening has begun. */
  listen(hear: (event: DeskEvent) => void): Promise<void>;
}

/** A failure of the page or the bridge itself: nothing the desk said. */
export const bug: Failure = { code: "bug", fields: [], retry: false };
