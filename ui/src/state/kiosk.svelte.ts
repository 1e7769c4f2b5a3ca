// One visitor's walk through the kiosk. A new one is made for each visitor, so nothing of the last can remain.

import type { Failure, Field, FieldFault, Language, PassScreen } from "../bindings.gen";
import type { Desk } from "./desk.svelte";
import { measureGivenUp, passAsked } from "./measure";
import { formToken } from "./token";
import type { Script } from "./typing.svelte";

export type Step = "start" | "name" | "phone" | "host" | "check" | "pass";
/** What makes the kiosk easier for one visitor: larger and slower, stronger colours, everything within reach. */
export const MODES = ["easy", "contrast", "low"] as const;
export type Mode = (typeof MODES)[number];
export const QUESTIONS = ["name", "phone", "host", "check"] as const;

export class Walk {
  step = $state<Step>("start");
  name = $state("");
  phone = $state("");
  host = $state("");
  faults = $state.raw<Partial<Record<Field, FieldFault>>>({});
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  screen = $state.raw<PassScreen | null>(null);

  /** The script the visitor chose on the keyboard, where it is not the language's own. */
  scripts = $state<Partial<Record<Language, Script>>>({});

  modes = $state<Record<Mode, boolean>>({ easy: false, contrast: false, low: false });

  readonly #form = formToken();

  constructor(readonly desk: Desk) {}

  get number() {
    return (QUESTIONS as readonly string[]).indexOf(this.step) + 1;
  }

  get script(): Script {
    return this.scripts[this.desk.language] ?? (this.desk.language === "zh-CN" ? "pinyin" : "latin");
  }

  /** Somebody has changed something before the first question. */
  get changed(): boolean {
    return MODES.some((mode) => this.modes[mode]) || this.desk.language !== this.desk.info.language;
  }

  begin() {
    this.step = "name";
  }

  next() {
    this.failure = null;
    if (this.step === "name") this.step = "phone";
    else if (this.step === "phone") this.step = "host";
    else if (this.step === "host") this.step = "check";
  }

  /** False at the first question: then the visitor leaves the walk. */
  back(): boolean {
    this.failure = null;
    if (this.busy) return true;
    if (this.step === "phone") this.step = "name";
    else if (this.step === "host") this.step = "phone";
    else if (this.step === "check") this.step = "host";
    else return false;
    return true;
  }

  change(field: Field) {
    if (!this.busy) this.step = field;
  }

  clearFault(field: Field) {
    if (this.faults[field]) this.faults = { ...this.faults, [field]: undefined };
  }

  async getPass() {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    passAsked();
    const answer = await this.desk.backend.registerVisitor({
      form: this.#form,
      name: this.name,
      phone: this.phone,
      host: this.host,
      doors: null,
      until: null,
      times: null,
    });
    this.busy = false;
    if (answer.status === "ok") {
      this.screen = answer.data;
      this.desk.newestPass = answer.data.pass.id;
      this.step = "pass";
      // The desk may have told of the pass before this answer was here.
      void this.passChanged(answer.data.pass.id);
      return;
    }
    measureGivenUp();
    const faults: Partial<Record<Field, FieldFault>> = {};
    for (const { field, fault } of answer.error.fields) faults[field] ??= fault;
    this.faults = faults;
    const first = (["name", "phone", "host"] as const).find((field) => faults[field]);
    if (first) this.step = first;
    else this.failure = answer.error;
  }

  /** The desk says that a pass has changed. */
  async passChanged(id: string) {
    if (this.screen?.pass.id !== id) return;
    const answer = await this.desk.backend.passScreen(id);
    if (answer.status === "ok" && this.screen?.pass.id === id) this.screen = answer.data;
  }
}
