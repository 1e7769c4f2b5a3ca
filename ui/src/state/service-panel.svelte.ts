// What the service panel shows: calls that wait, and the demo's doors.

import type { QueueRow, ReaderAnswer } from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export class ServicePanelState {
  rows = $state.raw<QueueRow[]>([]);
  answers = $state<Record<string, ReaderAnswer>>({});
  problem = $state("");
  /** The row whose dropping waits for a second press. */
  dropping = $state<number | null>(null);

  constructor(readonly desk: Desk) {}

  async load() {
    const [queue, demo] = await Promise.all([
      this.desk.backend.queue(),
      this.desk.info.demo ? this.desk.backend.demo() : null,
    ]);
    if (queue.status === "ok") this.rows = queue.data;
    if (demo?.status === "ok") this.desk.demo = demo.data;
  }

  async setNetworkDown(down: boolean) {
    const answer = await this.desk.backend.setNetworkDown(down);
    if (answer.status === "ok") this.desk.demo = answer.data;
    else this.problem = this.desk.failures[answer.error.code];
  }

  async retry(id: number) {
    const answer = await this.desk.backend.retryRow(id);
    this.problem = answer.status === "error" ? this.desk.failures[answer.error.code] : "";
    await this.load();
  }

  async drop(id: number) {
    if (this.dropping !== id) {
      this.dropping = id;
      return;
    }
    this.dropping = null;
    const answer = await this.desk.backend.dropRow(id);
    this.problem = answer.status === "error" ? this.desk.failures[answer.error.code] : "";
    await this.load();
  }

  async present(door: string) {
    const pass = this.desk.newestPass;
    if (!pass) return;
    const answer = await this.desk.backend.presentPass(door, pass);
    if (answer.status === "ok") this.answers[door] = answer.data;
    else this.problem = this.desk.failures[answer.error.code];
  }
}
