// A pass on paper: asked for once, and what became of it in words. Nothing about the pass depends on it.

import type { Failure, Printed } from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export class Printing {
  busy = $state(false);
  printed = $state<Printed | null>(null);
  failure = $state.raw<Failure | null>(null);
  #pass = "";

  constructor(readonly desk: Desk) {}

  /** What was printed before is printed once more only when somebody says so. */
  get asksAgain() {
    return this.failure?.code === "printedBefore" || this.failure?.code === "printUnsure";
  }

  get said(): string {
    if (this.failure) return this.desk.failures[this.failure.code];
    return this.printed ? this.desk.words.printed[this.printed] : "";
  }

  /** Forgets what was said of another pass. */
  about(pass: string) {
    if (pass === this.#pass) return;
    this.#pass = pass;
    this.printed = null;
    this.failure = null;
  }

  async print(again = false) {
    if (this.busy) return;
    const pass = this.#pass;
    this.busy = true;
    this.failure = null;
    this.printed = null;
    const answer = await this.desk.backend.printPass(pass, this.desk.language, again);
    this.busy = false;
    if (pass !== this.#pass) return;
    if (answer.status === "ok") this.printed = answer.data;
    else this.failure = answer.error;
  }
}
