// What every screen knows: the station, the language, the connection, the desk's time; and the ear for its events.

import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import type {
  DemoView,
  DeskEvent,
  HoldView,
  Language,
  SessionView,
  Station,
  StationInfo,
  Status,
} from "../bindings.gen";
import { failureWords, faultWords } from "../failure-words";
import { words } from "../words/words";
import { Sounds } from "./sounds.svelte";

/** How often the page makes sure that the desk is there, and how often it looks whether it has come back. */
const BEAT_MS = 15_000;
const AGAIN_MS = 5_000;

/** A question of who, over whatever is on the screen. */
export type Asking =
  | { kind: "signIn" }
  | { kind: "approve"; door: string; doorName: string; minutes: number; then: () => void };

/** How often the desk is told that somebody is there. */
const ACTIVE_EVERY_MS = 5000;

export class Desk {
  info = $state.raw<StationInfo>({
    station: "kiosk",
    language: "zh-CN",
    demo: false,
    site: "",
    doors: [],
    holdMinutes: [],
    cameras: false,
    printer: false,
    hosts: false,
    agreement: null,
    setAside: null,
  });
  /** Whether the desk behind the page is there: not known at first, and no when it cannot start. */
  answered = $state<boolean | null>(null);
  /** Why it cannot start, as the desk says it. */
  fault = $state<string | null>(null);
  status = $state.raw<Status | null>(null);
  demo = $state.raw<DemoView | null>(null);
  /** The doors that are kept open, or still closing. */
  holds = $state.raw<HoldView[]>([]);
  /** Since when a visitor at the kiosk waits for help. Whoever makes sounds listens to this. */
  helpSince = $state<number | null>(null);
  /** The desk behind the page has stopped answering. */
  silent = $state(false);
  /** Who is signed in, and what may be done here. */
  session = $state.raw<SessionView>({
    guarded: false,
    locked: false,
    name: null,
    role: null,
    since: null,
    idleSeconds: 0,
    may: [],
    withApproval: [],
  });
  asking = $state.raw<Asking | null>(null);
  language = $state<Language>("zh-CN");
  /** The desk's time, renewed every second. */
  now = $state(Date.now());
  /** The newest pass this page has seen: what the demo holds to a reader. */
  newestPass = $state<string | null>(null);

  readonly sounds = new Sounds();

  /** The station that the page was opened for; none where the address does not say. */
  expected: Station | null = null;
  #ahead = 0;
  #active = 0;
  #ears = new Set<(event: DeskEvent) => void>();
  #lasts = new Set<() => Promise<void>>();

  constructor(readonly backend: Backend) {}

  get words() {
    return words[this.language];
  }
  get failures() {
    return failureWords[this.language];
  }
  get faults() {
    return faultWords[this.language];
  }
  get offline() {
    return this.status?.connection.state === "offline";
  }
  /** The zone of the doors here; this computer's own zone plays no part. */
  get zone() {
    return this.info.doors[0]?.zone ?? "UTC";
  }

  /** Takes what the shell wrote into the page's address: enough for the first screen while the desk still starts. */
  expect(address: URLSearchParams) {
    this.expected = address.get("station") as Station | null;
    this.language = address.get("lang") === "en" ? "en" : "zh-CN";
    this.info = { ...this.info, language: this.language, site: address.get("site") ?? "" };
  }

  /** Asks for everything the screens need. */
  async start() {
    // All at once: each is a way to the desk and back, and somebody waits for the first screen.
    const [info, status] = await Promise.all([
      this.backend.stationInfo(),
      this.backend.status(),
      this.loadHolds(),
      this.loadHelp(),
      this.loadSession(),
      this.backend.listen((event) => this.#heard(event)),
    ]);
    if (info.status === "error") {
      this.#tryAgain();
      const why = await this.backend.cannotStart();
      this.fault = why.status === "ok" ? why.data : null;
      this.answered = false;
      return;
    }
    this.info = info.data;
    this.language = info.data.language;
    if (status.status === "ok") this.#take(status.data);
    // What changed between the answers and the first event that is heard.
    void this.#look();
    setInterval(() => {
      this.now = Date.now() + this.#ahead;
    }, 1000);
    this.answered = true;
    setInterval(() => void this.#beat(), BEAT_MS);
  }

  /** Calls `ear` for every event until the returned function is called. */
  on(ear: (event: DeskEvent) => void): () => void {
    this.#ears.add(ear);
    return () => this.#ears.delete(ear);
  }

  async loadHolds() {
    const answer = await this.backend.holds();
    if (answer.status === "ok") this.holds = answer.data;
  }

  async loadHelp() {
    const answer = await this.backend.helpWaitsSince();
    if (answer.status === "ok") this.helpSince = answer.data;
  }

  /** What the settings and the directory say may have changed since the last visitor. */
  async loadInfo() {
    const answer = await this.backend.stationInfo();
    if (answer.status === "ok") this.info = answer.data;
  }

  async loadSession() {
    const answer = await this.backend.session();
    if (answer.status === "error") return;
    // Whoever asks for a word that nobody waits for any more, asks in vain.
    if (answer.data.locked && this.asking?.kind === "approve") this.asking = null;
    this.session = answer.data;
  }

  /** The names to choose from before one signs in. */
  async staffNames(approvers: boolean): Promise<string[]> {
    const answer = await this.backend.staffNames(approvers);
    return answer.status === "ok" ? answer.data : [];
  }

  /** Called, and waited for, before whoever is here leaves the station or locks it. Until the returned function is. */
  beforeLeaving(last: () => Promise<void>): () => void {
    this.#lasts.add(last);
    return () => this.#lasts.delete(last);
  }

  async lock() {
    await this.#settle();
    await this.backend.signOff();
    await this.loadSession();
  }

  /** Somebody touched something. */
  active() {
    if (!this.session.name || performance.now() - this.#active < ACTIVE_EVERY_MS) return;
    this.#active = performance.now();
    void this.backend.stayActive();
  }

  async switchStation(station: Station) {
    await this.#settle();
    const answer = await this.backend.switchStation(station);
    if (answer.status === "ok") {
      this.info = answer.data;
      await this.loadSession();
    }
    return answer;
  }

  async #settle() {
    await Promise.all([...this.#lasts].map((last) => last()));
  }

  async #look() {
    const status = await this.backend.status();
    if (status.status === "ok") this.#take(status.data);
    await Promise.all([this.loadHolds(), this.loadSession()]);
  }

  /** Asks whether the desk is still there, as no event says that there are none any more. */
  async #beat() {
    const late = new Promise<null>((done) => setTimeout(() => done(null), BEAT_MS));
    const status = await Promise.race([this.backend.status(), late]);
    this.silent = status === null || status.status === "error";
    if (status?.status === "ok") this.#take(status.data);
  }

  /** The desk could not start. The shell goes on trying, and so does the page. */
  #tryAgain() {
    const timer = setInterval(async () => {
      const answer = await this.backend.stationInfo();
      if (answer.status === "error") return;
      clearInterval(timer);
      location.reload();
    }, AGAIN_MS);
  }

  #take(status: Status) {
    this.status = status;
    this.#ahead = status.now - Date.now();
    this.now = status.now;
  }

  #heard(event: DeskEvent) {
    if (event.kind === "status") this.#take(event.status);
    if (event.kind === "demo") this.demo = event.demo;
    if (event.kind === "help") void this.loadHelp();
    if (event.kind === "holds") void this.loadHolds();
    if (event.kind === "session") void this.loadSession();
    for (const ear of this.#ears) ear(event);
  }
}

export const [getDesk, setDesk] = createContext<Desk>();
