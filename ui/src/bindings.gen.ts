// DRAFT of the contract until the shell generates this file; the names below are final.
export type UtcMillis = number;
export type Station = "kiosk" | "reception" | "guard";
export type Language = "zh-CN" | "en";
export type StationInfo = { station: Station; language: Language; demo: boolean; site: string; doors: DoorView[]; cameras: boolean };
export type OfflineWhy = "noNetwork" | "noAnswer" | "notTheService" | "badCertificate" | "refusedUs" | "clockOff";
export type Connection = { state: "unknown" | "online" | "offline"; since: UtcMillis; why: OfflineWhy | null };
/** `now` and `skewMs` come from the desk; the page never uses its own zone for door times. */
export type Status = { connection: Connection; waiting: number; wedged: number; oldest: UtcMillis | null; now: UtcMillis; skewMs: number | null };
export type DoorView = { id: string; name: string; zone: string; lastPress: PressView | null; lockedForMs: number };
export type RegisterForm = { form: string; name: string; phone: string; host: string; doors: string[] | null; until: UtcMillis | null; times: number | null };
export type Window = { from: UtcMillis; until: UtcMillis };
export type ScanScope = "eachDoor" | "together";
export type ScanLimit = { times: number; scope: ScanScope };
export type Readiness = "waiting" | "ready" | "failed" | "removing" | "removed";
export type PassState = "active" | "revoked";
export type PassDoorView = { door: string; name: string; readiness: Readiness; said: string | null };
export type PassView = { id: string; visit: string; visitorName: string; host: string; shortCode: string; window: Window; zone: string; limit: ScanLimit; state: PassState; issuedAt: UtcMillis; revokedAt: UtcMillis | null; showable: boolean; doors: PassDoorView[]; wedged: boolean };
/** The pass and its QR code as an SVG document; none until it may be shown. */
export type PassScreen = { pass: PassView; picture: string | null };
export type VisitView = { id: string; visitorName: string; phone: string; host: string; cameAt: UtcMillis; leftAt: UtcMillis | null; passes: PassView[] };
export type Decision = "letIn" | "stop" | "cannotTell";
export type Reason = "valid" | "revoked" | "signedOut" | "notYet" | "expired" | "notIssuedHere" | "notAPass" | "notReady" | "stale" | "clockOff";
export type VerdictView = { decision: Decision; reason: Reason; ageMs: number | null; at: UtcMillis; pass: PassView | null; seenBefore: UtcMillis | null };
export type PressState = "asked" | "accepted" | "refused" | "unknown";
export type PressReason = "visitor" | "delivery" | "staff" | "other";
export type PressView = { id: string; door: string; doorName: string; at: UtcMillis; reason: PressReason; state: PressState; why: FailureCode | null };
export type Armed = { token: string; door: string; forMs: number };
export type QueueState = "waiting" | "sending" | "wedged";
export type QueueKind = "registerVisitor" | "generateCode" | "grantPass" | "removePass" ;
export type QueueRow = { id: number; kind: QueueKind; visitorName: string; state: QueueState; attempts: number; since: UtcMillis; nextTry: UtcMillis | null; lastAnswer: string | null };
export type CameraView = { id: string; name: string };
export type CameraState = { state: "off" | "starting" | "running" | "failed"; name: string | null; why: FailureCode | null };
export type DemoDoor = { id: string; name: string; opened: number; passedByCode: number };
export type DemoView = { networkDown: boolean; doors: DemoDoor[] };
export type ReaderAnswer = { accepted: boolean; why: string };
export type FailureCode = "badForm" | "noConnection" | "noAnswer" | "refusedByService" | "tooLate" | "lockedOut" | "notAllowed" | "notArmed" | "notFound" | "tooMany" | "diskFull" | "storeFailed" | "clockOff" | "noCamera" | "cameraBusy" | "cameraDenied" | "cameraLost" | "cameraSilent" | "notADemo" | "bug";
export type Field = "name" | "phone" | "host";
export type FieldFault = "missing" | "tooLong" | "unprintable" | "notAPhone";
export type Failure = { code: FailureCode; fields: { field: Field; fault: FieldFault }[]; retry: boolean };

/** Everything the desk tells the page without being asked. */
export type DeskEvent =
  | { kind: "status"; status: Status }
  | { kind: "pass"; pass: string }
  | { kind: "visits" }
  | { kind: "doors" }
  | { kind: "queue" }
  | { kind: "verdict"; verdict: VerdictView }
  | { kind: "camera"; camera: CameraState }
  | { kind: "demo"; demo: DemoView };

// Commands (each answers Result<T, Failure> = {status:"ok",data:T} | {status:"error",error:Failure}):
//   stationInfo(): StationInfo            status(): Status
//   switchStation(station): StationInfo   (service panel)
//   registerVisitor(form): PassScreen     passScreen(pass): PassScreen
//   todaysVisits(): VisitView[]           signOut(visit): VisitView
//   revokePass(pass): PassView
//   verifyCode(text): VerdictView         (typed code, short code, or hand scanner)
//   doors(): DoorView[]  armDoor(door): Armed  pressDoor(token, reason): PressView  doorLog(): PressView[]
//   cameras(): CameraView[]  startScanning(camera: string | null): CameraState  stopScanning(): null
//   queue(): QueueRow[]  retryRow(id): null  dropRow(id): null
//   demo(): DemoView  setNetworkDown(down): DemoView  presentPass(door, pass): ReaderAnswer
// Preview picture: an <img> whose src is convertFileSrc("frame", "preview") + "?n=" + counter, one at a time.
