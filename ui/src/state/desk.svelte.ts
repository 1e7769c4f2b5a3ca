// What every screen knows: the station, the language, the connection, the desk's time; and the ear for its events.

import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import type { DemoView, DeskEvent, HoldView, Language, Station, StationInfo, Status } from "../bindings.gen";
import { failureWords, faultWords } from "../failure-words";
import { words } from "../words/words";

export class Desk {
  info = $state.raw<StationInfo>({
    station: "kiosk",
    language: "zh-CN",
    demo: false,
    site: "",
    doors: [],
    holdMinutes: [],
    cameras: false,
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
  language = $state<Language>("zh-CN");
  /** The desk's time, renewed every second. */
  now = $state(Date.now());
  /** The newest pass this page has seen: what the demo holds to a reader. */
  newestPass = $state<string | null>(null);

  /** The station that the page was opened for; none where the address does not say. */
  expected: Station | null = null;
  #ahead = 0;
  #ears = new Set<(event: DeskEvent) => void>();

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
      this.backend.listen((event) => this.#heard(event)),
    ]);
    if (info.status === "error") {
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

  async switchStation(station: Station) {
    const answer = await this.backend.switchStation(station);
    if (answer.status === "ok") this.info = answer.data;
    return answer;
  }

  async #look() {
    const status = await this.backend.status();
    if (status.status === "ok") this.#take(status.data);
    await this.loadHolds();
  }

  #take(status: Status) {
    this.status = status;
    this.#ahead = status.now - Date.now();
    this.now = status.now;
  }

  #heard(event: DeskEvent) {
    if (event.kind === "status") this.#take(event.status);
    if (event.kind === "demo") this.demo = event.demo;
    if (event.kind === "holds") void this.loadHolds();
    for (const ear of this.#ears) ear(event);
  }
}

export const [getDesk, setDesk] = createContext<Desk>();
