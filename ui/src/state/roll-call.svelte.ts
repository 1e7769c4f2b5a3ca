// Everybody has to leave: who is inside as far as the desk knows, and who was seen outside. All of it is the desk's, so
// that another screen and a restart show the same.

import type { Answer } from "../backend/backend";
import type { Failure, RollCallPerson, RollCallView } from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export class RollCall {
  view = $state.raw<RollCallView | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Ending waits for a yes, since somebody is missing. */
  ending = $state(false);
  #newest = 0;

  constructor(readonly desk: Desk) {}

  get running() {
    return this.view?.begunAt !== null && this.view !== null;
  }

  load() {
    return this.#take(this.desk.backend.rollCall());
  }

  begin() {
    return this.#take(this.desk.backend.beginRollCall());
  }

  toggle({ visit, tickedAt }: RollCallPerson) {
    if (!this.running) return;
    const { backend } = this.desk;
    return this.#take(tickedAt === null ? backend.tick(visit) : backend.untick(visit));
  }

  /** Takes the newest tick back, and then the one before it. */
  undo() {
    if (this.running && (this.view?.ticked ?? 0) > 0) return this.#take(this.desk.backend.untick(null));
  }

  end() {
    if (!this.ending && (this.view?.missing ?? 0) > 0) {
      this.ending = true;
      return;
    }
    this.ending = false;
    return this.#take(this.desk.backend.endRollCall());
  }

  async #take(asked: Promise<Answer<RollCallView>>) {
    const turn = ++this.#newest;
    const answer = await asked;
    this.failure = answer.status === "error" ? answer.error : null;
    // Two quick ticks: the older answer does not know of the newer one.
    if (answer.status === "ok" && turn === this.#newest) this.view = answer.data;
  }
}
