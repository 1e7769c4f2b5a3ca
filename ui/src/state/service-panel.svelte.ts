// What the service panel shows: calls that wait, and the demo's doors.

import type { DropReason, FailureCode, QueueRow, ReaderAnswer, Reserve } from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export class ServicePanelState {
  rows = $state.raw<QueueRow[]>([]);
  answers = $state<Record<string, ReaderAnswer>>({});
  problem = $state("");
  /** The row whose dropping waits for a reason. */
  dropping = $state<number | null>(null);
  /** The passes kept ready for an outage; nobody is told at the self-service station. */
  reserve = $state.raw<Reserve | null>(null);

  constructor(readonly desk: Desk) {}

  async load() {
    const [queue, reserve, demo] = await Promise.all([
      this.desk.backend.queue(),
      this.desk.info.station === "kiosk" ? null : this.desk.backend.reserve(),
      this.desk.info.demo ? this.desk.backend.demo() : null,
    ]);
    if (queue.status === "ok") this.rows = queue.data;
    this.reserve = reserve?.status === "ok" ? reserve.data : null;
    if (demo?.status === "ok") this.desk.demo = demo.data;
  }

  /** What came back last, in words; the service's own number behind them, for whoever asks the operator. */
  said({ lastAnswer }: QueueRow): string {
    const [, word = "", rest = ""] = /^(\w+)\W*(.*)$/.exec(lastAnswer ?? "") ?? [];
    const number = /^\d+$/.test(word) ? word : /^\d+$/.test(rest) ? rest : "";
    const code =
      number !== "" && number === word ? "refusedByService" : word === "noAnswerForDoor" ? "noAnswer" : word;
    const words = this.desk.failures[code as FailureCode] ?? lastAnswer ?? "";
    return number === "" ? words : `${words} (${number})`;
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

  async drop(id: number, reason: DropReason) {
    this.dropping = null;
    const answer = await this.desk.backend.dropRow(id, reason);
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
