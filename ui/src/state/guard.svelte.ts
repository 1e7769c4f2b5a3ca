// The guard's post: the verdict on the screen, the camera, and a door between choosing and opening.

import type {
  Armed,
  CameraState,
  CameraView,
  DoorView,
  Failure,
  FailureCode,
  PressReason,
  PressState,
  PressView,
  ScanHint,
  VerdictView,
} from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export const HOLD_MS = 700;
const STAYS: Record<VerdictView["decision"], number | null> = { letIn: 4000, stop: 8000, cannotTell: null };

/** What became of a press, as the guard is told it. */
export type Result = { door: string; state: PressState; why: FailureCode | null };

export class Post {
  verdict = $state.raw<VerdictView | null>(null);
  /** How long the verdict stays; null is for as long as the guard wants. */
  stays = $derived(this.verdict ? STAYS[this.verdict.decision] : null);
  scans = $state.raw<VerdictView[]>([]);
  checking = $state(false);
  failure = $state.raw<Failure | null>(null);

  cameras = $state.raw<CameraView[]>([]);
  camera = $state.raw<CameraState>({ state: "off", name: null, why: null });
  chosenCamera = $state<string | null>(null);
  /** What the person before the camera can do better. */
  hint = $state<ScanHint | null>(null);

  doors = $state.raw<DoorView[]>([]);
  doorsAt = $state(0);
  log = $state.raw<PressView[]>([]);
  armed = $state.raw<Armed | null>(null);
  armedUntil = $state(0);
  reason = $state<PressReason | null>(null);
  pressing = $state(false);
  result = $state.raw<Result | null>(null);

  #clear: ReturnType<typeof setTimeout> | undefined;
  #disarm: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly desk: Desk) {}

  get armedDoor(): DoorView | null {
    return this.doors.find((door) => door.id === this.armed?.door) ?? null;
  }

  async load() {
    await Promise.all([this.loadDoors(), this.loadCameras()]);
  }

  async loadDoors() {
    const [doors, log] = await Promise.all([this.desk.backend.doors(), this.desk.backend.doorLog()]);
    if (doors.status === "ok") {
      this.doors = doors.data;
      this.doorsAt = performance.now();
    }
    if (log.status === "ok") this.log = log.data;
  }

  async loadCameras() {
    const answer = await this.desk.backend.cameras();
    if (answer.status === "ok") this.cameras = answer.data;
  }

  show(verdict: VerdictView) {
    clearTimeout(this.#clear);
    this.verdict = verdict;
    this.scans = [verdict, ...this.scans].slice(0, 10);
    const stays = STAYS[verdict.decision];
    if (stays !== null) this.#clear = setTimeout(() => this.clear(), stays);
  }

  clear() {
    clearTimeout(this.#clear);
    this.verdict = null;
  }

  /** Nobody is signed in any more: no name stays on the screen, and no door stays chosen. */
  forget() {
    this.clear();
    this.disarm();
    this.result = null;
    this.scans = [];
    this.log = [];
  }

  /** The guard's screen goes away: no timer of it may go on, and the camera is given back. */
  leave() {
    clearTimeout(this.#clear);
    clearTimeout(this.#disarm);
    if (this.camera.state === "running" || this.camera.state === "starting")
      void this.desk.backend.stopScanning();
  }

  async verify(text: string) {
    if (text.trim() === "" || this.checking) return;
    this.checking = true;
    const answer = await this.desk.backend.verifyCode(text);
    this.checking = false;
    this.failure = answer.status === "error" ? answer.error : null;
    // A typed code may come back as an event too; the same moment is the same verdict.
    if (answer.status === "ok") this.heard(answer.data);
  }

  heard(verdict: VerdictView) {
    const last = this.scans[0];
    if (
      last &&
      last.at === verdict.at &&
      last.reason === verdict.reason &&
      last.pass?.id === verdict.pass?.id
    ) {
      if (this.verdict) return;
    }
    this.show(verdict);
  }

  async toggleScanning() {
    if (this.camera.state === "running" || this.camera.state === "starting") {
      await this.desk.backend.stopScanning();
      this.camera = { state: "off", name: null, why: null };
      return;
    }
    this.camera = { state: "starting", name: null, why: null };
    const answer = await this.desk.backend.startScanning(this.chosenCamera);
    this.camera =
      answer.status === "ok" ? answer.data : { state: "failed", name: null, why: answer.error.code };
  }

  async arm(door: string) {
    if (this.pressing) return;
    this.disarm();
    this.result = null;
    const answer = await this.desk.backend.armDoor(door);
    if (answer.status === "error") {
      this.result = {
        door: this.doors.find((d) => d.id === door)?.name ?? "",
        state: "refused",
        why: answer.error.code,
      };
      return;
    }
    this.armed = answer.data;
    this.armedUntil = performance.now() + answer.data.forMs;
    this.#disarm = setTimeout(() => this.disarm(), answer.data.forMs);
  }

  disarm() {
    clearTimeout(this.#disarm);
    this.armed = null;
    this.reason = null;
  }

  async release() {
    const armed = this.armed;
    if (!armed || !this.reason || this.pressing) return;
    const door = this.armedDoor?.name ?? "";
    const reason = this.reason;
    clearTimeout(this.#disarm);
    this.pressing = true;
    this.result = { door, state: "asked", why: null };
    const answer = await this.desk.backend.pressDoor(armed.token, reason);
    this.pressing = false;
    this.disarm();
    this.result =
      answer.status === "ok"
        ? { door: answer.data.doorName, state: answer.data.state, why: answer.data.why }
        : { door, state: unclear(answer.error.code), why: answer.error.code };
    await this.loadDoors();
  }

  /** Keeps the armed door open for so many minutes, when a supervisor has said so where that is needed. The banner then says that it is; only trouble is a result here. */
  async hold(minutes: number, approved = false) {
    const armed = this.armed;
    if (!armed || this.pressing) return;
    const door = this.armedDoor?.name ?? "";
    if (this.desk.session.withApproval.includes("holdDoor") && !approved) {
      this.disarm();
      const then = async () => {
        await this.arm(armed.door);
        await this.hold(minutes, true);
      };
      this.desk.asking = { kind: "approve", door: armed.door, doorName: door, minutes, then };
      return;
    }
    clearTimeout(this.#disarm);
    this.pressing = true;
    const answer = await this.desk.backend.holdOpen(armed.token, minutes);
    this.pressing = false;
    this.disarm();
    this.result =
      answer.status === "ok" ? null : { door, state: unclear(answer.error.code), why: answer.error.code };
    await this.loadDoors();
  }
}

/** What broke between the page and the desk may have broken after the door was asked: then nobody knows. */
const unclear = (code: FailureCode) => (code === "bug" || code === "noAnswer" ? "unknown" : "refused");
