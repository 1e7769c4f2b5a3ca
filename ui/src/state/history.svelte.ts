// Past visits: what was looked for, and the page that was found.

import type { ExportFormat, Failure, HistoryPage, HistoryState, SavedFile } from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export const STATES: HistoryState[] = ["all", "open", "left"];

export class History {
  ask = $state({ from: "", until: "", search: "", host: "", state: "all" as HistoryState });
  found = $state.raw<HistoryPage | null>(null);
  failure = $state.raw<Failure | null>(null);
  saved = $state.raw<SavedFile | null>(null);
  busy = $state(false);
  #newest = 0;

  constructor(readonly desk: Desk) {}

  /** Whether whoever is here may take it along. */
  get mayExport() {
    return this.desk.session.may.includes("exportHistory");
  }

  /** Only the answer to the newest question counts. */
  async find(page = 0) {
    const turn = ++this.#newest;
    this.busy = true;
    this.saved = null;
    const answer = await this.desk.backend.history({ ...this.ask, page });
    if (turn !== this.#newest) return;
    this.busy = false;
    this.failure = answer.status === "error" ? answer.error : null;
    if (answer.status === "ok") this.found = answer.data;
  }

  /** All that is found by what stands in the fields now. */
  async save(format: ExportFormat) {
    if (this.busy) return;
    this.busy = true;
    const answer = await this.desk.backend.exportHistory({ ...this.ask, page: 0 }, format);
    this.busy = false;
    this.failure = answer.status === "error" ? answer.error : null;
    this.saved = answer.status === "ok" ? answer.data : null;
  }
}
