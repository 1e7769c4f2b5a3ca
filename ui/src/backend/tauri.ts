// The desk behind the window: the only file of the page that knows Tauri.

import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { DeskEvent, Failure } from "../bindings.gen";
import { type Answer, type Backend, bug } from "./backend";

function isFailure(said: unknown): said is Failure {
  return typeof said === "object" && said !== null && "code" in said && "fields" in said;
}

async function ask<T>(command: string, args: Record<string, unknown> = {}): Promise<Answer<T>> {
  try {
    return { status: "ok", data: await invoke<T>(command, args) };
  } catch (said) {
    return { status: "error", error: isFailure(said) ? said : bug };
  }
}

export const tauri: Backend = {
  stationInfo: () => ask("station_info"),
  status: () => ask("status"),
  switchStation: (station) => ask("switch_station", { station }),
  registerVisitor: (form) => ask("register_visitor", { form }),
  passScreen: (pass) => ask("pass_screen", { pass }),
  todaysVisits: () => ask("todays_visits"),
  signOut: (visit) => ask("sign_out", { visit }),
  revokePass: (pass) => ask("revoke_pass", { pass }),
  verifyCode: (text) => ask("verify_code", { text }),
  doors: () => ask("doors"),
  armDoor: (door) => ask("arm_door", { door }),
  pressDoor: (token, reason) => ask("press_door", { token, reason }),
  doorLog: () => ask("door_log"),
  cameras: () => ask("cameras"),
  startScanning: (camera) => ask("start_scanning", { camera }),
  stopScanning: () => ask("stop_scanning"),
  queue: () => ask("queue"),
  retryRow: (id) => ask("retry_row", { id }),
  dropRow: (id) => ask("drop_row", { id }),
  demo: () => ask("demo"),
  setNetworkDown: (down) => ask("set_network_down", { down }),
  presentPass: (door, pass) => ask("present_pass", { door, pass }),
  previewAddress: (n) => `${convertFileSrc("frame", "preview")}?n=${n}`,
  listen: async (hear) => {
    await listen<DeskEvent>("desk-event", (event) => hear(event.payload));
  },
};
