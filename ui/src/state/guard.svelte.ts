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

/** How often the service is asked which doors are kept open. */
const READ_MS = 30_000;

/** What became of a press, as the guard is told it; `note` is the press that waits for a word on what it was for. */
export type Result = { door: string; state: PressState; why: FailureCode | null; note?: string };

export class Post {
  verdict = $state.raw<VerdictView | null>(null);
  /** The verdict on the screen is one of the list, looked at once more. */
  past = $state(false);
  /** How long the verdict stays; null is for as long as the guard wants. */
  stays = $derived(this.verdict && !this.past ? STAYS[this.verdict.decision] : null);
  /** The last ten, in the memory of this page alone. */
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
  /** Space was held, or Enter pressed twice: only the reason is missing. */
  confirmed = $state(false);
  reason = $state<PressReason | null>(null);
  pressing = $state(false);
  result = $state.raw<Result | null>(null);

  #clear: ReturnType<typeof setTimeout> | undefined;
  #disarm: ReturnType<typeof setTimeout> | undefined;
  #read: ReturnType<typeof setInterval> | undefined;
  #asked = 0;

  constructor(readonly desk: Desk) {}

  get armedDoor(): DoorView | null {
    return this.doors.find((door) => door.id === this.armed?.door) ?? null;
  }

  async load() {
    const read = () => document.hidden || void this.desk.backend.readDoors();
    this.#read ??= setInterval(read, READ_MS);
    read();
    await Promise.all([this.loadDoors(), this.loadCameras()]);
  }

  /** For how long a door takes no press, in milliseconds. */
  lockedFor(door: DoorView, at = performance.now()): number {
    return Math.max(0, door.lockedForMs - Math.max(0, at - this.doorsAt));
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
    this.past = false;
    this.verdict = verdict;
    this.desk.sounds[verdict.decision]();
    this.scans = [verdict, ...this.scans].slice(0, 10);
    const stays = STAYS[verdict.decision];
    if (stays !== null) this.#clear = setTimeout(() => this.clear(), stays);
  }

  /** Shows one of the last ten again, for as long as the guard wants. */
  review(verdict: VerdictView) {
    clearTimeout(this.#clear);
    this.past = true;
    this.verdict = verdict;
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
    clearInterval(this.#read);
    if (this.camera.state === "running" || this.camera.state === "starting")
      void this.desk.backend.stopScanning();
  }

  async verify(text: string) {
    if (text.trim() === "") return;
    // The next scan does not wait for the one before it, and neither is lost.
    const mine = ++this.#asked;
    this.checking = true;
    const answer = await this.desk.backend.verifyCode(text);
    if (mine === this.#asked) this.checking = false;
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

  /** The first of two steps. `confirmed` where choosing the door took a deliberate hand: then the reason opens it. */
  async arm(id: string, confirmed = false) {
    const door = this.doors.find((one) => one.id === id);
    if (this.pressing || !door) return;
    this.disarm();
    this.result = null;
    if (this.lockedFor(door) > 0) return this.#ended({ door: door.name, state: "refused", why: "lockedOut" });
    const answer = await this.desk.backend.armDoor(id);
    if (answer.status === "error")
      return this.#ended({ door: door.name, state: "refused", why: answer.error.code });
    this.armed = answer.data;
    this.confirmed = confirmed;
    this.armedUntil = performance.now() + answer.data.forMs;
    this.#disarm = setTimeout(() => this.disarm(), answer.data.forMs);
  }

  disarm() {
    clearTimeout(this.#disarm);
    this.armed = null;
    this.reason = null;
    this.confirmed = false;
  }

  /** The reason and the hand, in whichever order: what comes second is the finger that opens the door. */
  choose(reason: PressReason) {
    if (!this.armed || this.pressing) return;
    this.reason = reason;
    if (this.confirmed) void this.release();
  }

  confirm() {
    if (!this.armed || this.pressing) return;
    this.confirmed = true;
    if (this.reason) void this.release();
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
    this.#ended(
      answer.status === "ok"
        ? {
            door: answer.data.doorName,
            state: answer.data.state,
            why: answer.data.why,
            ...(reason === "other" && answer.data.state !== "refused" ? { note: answer.data.id } : {}),
          }
        : { door, state: unclear(answer.error.code), why: answer.error.code },
    );
    await this.loadDoors();
  }

  /** Keeps a word on what a door was opened for. */
  async note(text: string) {
    const { result } = this;
    if (!result?.note) return;
    if (text.trim() !== "") {
      const answer = await this.desk.backend.notePress(result.note, text);
      this.failure = answer.status === "error" ? answer.error : null;
      if (answer.status === "error") return;
    }
    if (this.result === result) this.result = { door: result.door, state: result.state, why: result.why };
    await this.loadDoors();
  }

  #ended(result: Result) {
    this.result = result;
    const { letIn, refused, cannotTell } = this.desk.sounds;
    ({ accepted: letIn, refused, unknown: cannotTell, asked: () => {} })[result.state]();
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
    if (answer.status === "ok") this.result = null;
    else this.#ended({ door, state: unclear(answer.error.code), why: answer.error.code });
    await this.loadDoors();
    await this.desk.backend.readDoors();
  }
}

/** What broke between the page and the desk may have broken after the door was asked: then nobody knows. */
const unclear = (code: FailureCode) => (code === "bug" || code === "noAnswer" ? "unknown" : "refused");
