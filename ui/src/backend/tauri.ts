// The desk behind the window: the only file of the page that knows Tauri, by way of the generated contract.

import { convertFileSrc } from "@tauri-apps/api/core";
import { commands, events, type Failure } from "../bindings.gen";
import { type Answer, type Backend, bug } from "./backend";

type Ask<A extends unknown[], T> = (...args: A) => Promise<Answer<T>>;

function isFailure(said: unknown): said is Failure {
  return typeof said === "object" && said !== null && "code" in said && "fields" in said;
}

/** What the bridge itself throws, or says in words of its own, is a failure like any other: the screen goes on. */
function safely<A extends unknown[], T>(ask: Ask<A, T>): Ask<A, T> {
  return async (...args) => {
    try {
      const answer = await ask(...args);
      return answer.status === "ok" || isFailure(answer.error) ? answer : { status: "error", error: bug };
    } catch {
      return { status: "error", error: bug };
    }
  };
}

export const tauri: Backend = {
  cannotStart: safely(commands.cannotStart),
  stationInfo: safely(commands.stationInfo),
  status: safely(commands.status),
  switchStation: safely(commands.switchStation),
  session: safely(commands.session),
  staffNames: safely(commands.staffNames),
  signIn: safely(commands.signIn),
  signOff: safely(commands.signOff),
  stayActive: safely(commands.stayActive),
  approveHold: safely(commands.approveHold),
  staff: safely(commands.staff),
  addStaff: safely(commands.addStaff),
  setStaffRole: safely(commands.setStaffRole),
  setStaffSecret: safely(commands.setStaffSecret),
  setStaffDisabled: safely(commands.setStaffDisabled),
  registerVisitor: safely(commands.registerVisitor),
  findHosts: safely(commands.findHosts),
  returning: safely(commands.returning),
  showCode: safely(commands.showCode),
  startCodeScanning: safely(commands.startCodeScanning),
  callForHelp: safely(commands.callForHelp),
  helpWaitsSince: safely(commands.helpWaitsSince),
  helpSeen: safely(commands.helpSeen),
  signature: safely(commands.signature),
  invitations: safely(commands.invitations),
  invitationScreen: safely(commands.invitationScreen),
  invite: safely(commands.invite),
  revokeInvitation: safely(commands.revokeInvitation),
  passScreen: safely(commands.passScreen),
  printPass: safely(commands.printPass),
  todaysVisits: safely(commands.todaysVisits),
  signOut: safely(commands.signOut),
  revokePass: safely(commands.revokePass),
  verifyCode: safely(commands.verifyCode),
  findPass: safely(commands.findPass),
  sendAgain: safely(commands.sendAgain),
  doors: safely(commands.doors),
  armDoor: safely(commands.armDoor),
  pressDoor: safely(commands.pressDoor),
  notePress: safely(commands.notePress),
  readDoors: safely(commands.readDoors),
  doorLog: safely(commands.doorLog),
  holdOpen: safely(commands.holdOpen),
  endHold: safely(commands.endHold),
  holds: safely(commands.holds),
  cameras: safely(commands.cameras),
  startScanning: safely(commands.startScanning),
  stopScanning: safely(commands.stopScanning),
  queue: safely(commands.queue),
  retryRow: safely(commands.retryRow),
  dropRow: safely(commands.dropRow),
  reserve: safely(commands.reserve),
  demo: safely(commands.demo),
  setNetworkDown: safely(commands.setNetworkDown),
  presentPass: safely(commands.presentPass),
  previewAddress: (n) => `${convertFileSrc("frame", "preview")}?n=${n}`,
  listen: async (hear) => {
    await events.deskEvent.listen(({ payload }) => hear(payload));
  },
};
