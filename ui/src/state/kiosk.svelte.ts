// One visitor's walk through the kiosk. A new one is made for each visitor, so nothing of the last can remain.

import type {
  CodePurpose,
  CodeShown,
  Consent,
  Failure,
  Field,
  FieldFault,
  HostHit,
  Language,
  PassScreen,
} from "../bindings.gen";
import type { Desk } from "./desk.svelte";
import { measureGivenUp, passAsked } from "./measure";
import { formToken } from "./token";
import type { Script } from "./typing.svelte";

/** The questions of a visit, in their order. */
export type Question = "phone" | "name" | "host" | "agreement" | "check";
export type Step = "start" | "code" | "known" | Question | "pass" | "goodbye";
/** What makes the kiosk easier for one visitor: larger and slower, stronger colours, everything within reach. */
export const MODES = ["easy", "contrast", "low"] as const;
export type Mode = (typeof MODES)[number];

export class Walk {
  step = $state<Step>("start");
  name = $state("");
  phone = $state("");
  host = $state("");
  faults = $state.raw<Partial<Record<Field, FieldFault>>>({});
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  screen = $state.raw<PassScreen | null>(null);

  /** What a code is asked for. */
  purpose = $state<CodePurpose>("arrive");
  code = $state("");
  /** Whom the code or the phone number belongs to, before and after the visitor said that it is them. */
  asked = $state.raw<CodeShown | null>(null);
  guest = $state.raw<CodeShown | null>(null);
  /** Who is leaving. */
  left = $state("");

  hits = $state.raw<HostHit[]>([]);
  /** What was searched last. */
  searched = $state("");
  chosen = $state.raw<HostHit | null>(null);

  consent = $state.raw<Consent | null>(null);

  /** The script the visitor chose on the keyboard, where it is not the language's own. */
  scripts = $state<Partial<Record<Language, Script>>>({});

  modes = $state<Record<Mode, boolean>>({ easy: false, contrast: false, low: false });

  /** With an invitation everything is known but the signature. */
  #invited = $state(false);
  #asksFor = "";
  readonly #form = formToken();

  constructor(readonly desk: Desk) {}

  get questions(): Question[] {
    const agreement: Question[] = this.desk.info.agreement ? ["agreement"] : [];
    if (this.#invited) return [...agreement, "check"];
    return this.guest
      ? ["phone", "host", ...agreement, "check"]
      : ["phone", "name", "host", ...agreement, "check"];
  }

  get number() {
    return this.questions.indexOf(this.step as Question) + 1;
  }

  get script(): Script {
    return this.scripts[this.desk.language] ?? (this.desk.language === "zh-CN" ? "pinyin" : "latin");
  }

  /** Somebody has changed something before the first question. */
  get changed(): boolean {
    return MODES.some((mode) => this.modes[mode]) || this.desk.language !== this.desk.info.language;
  }

  begin() {
    this.step = "phone";
  }

  askCode(purpose: CodePurpose) {
    this.purpose = purpose;
    this.step = "code";
  }

  async next() {
    this.failure = null;
    if (this.step === "phone" && !this.guest && (await this.#isKnown())) return;
    this.#go(1);
  }

  /** False at the first question: then the visitor leaves the walk. */
  back(): boolean {
    this.failure = null;
    if (this.busy) return true;
    if (this.step === "known") {
      this.step = this.#invited ? "code" : "phone";
      this.asked = null;
      return true;
    }
    if (this.#invited && this.number === 1) {
      this.#invited = false;
      this.guest = null;
      this.step = "code";
      return true;
    }
    return this.step !== "code" && this.#go(-1);
  }

  /** Yes, this is me. */
  accept() {
    this.guest = this.asked;
    this.asked = null;
    if (this.#invited) this.step = this.questions[0] ?? "check";
    else this.step = "host";
  }

  /** No, this is somebody else. */
  decline() {
    if (this.#invited) {
      this.#invited = false;
      this.code = "";
      this.step = "code";
    } else this.step = "name";
    this.asked = null;
  }

  change(question: Question) {
    if (this.busy) return;
    // Who says that another name is right is not the one who was found.
    if (question === "name" || question === "phone") this.guest = null;
    this.step = question;
  }

  clearFault(field: Field) {
    if (this.faults[field]) this.faults = { ...this.faults, [field]: undefined };
  }

  async showCode() {
    if (this.busy) return;
    this.busy = true;
    const answer = await this.desk.backend.showCode(this.purpose, this.code);
    this.busy = false;
    if (answer.status === "ok") this.shown(answer.data);
    else this.failure = answer.error;
  }

  /** A code was taken, typed or before the camera. */
  shown(shown: CodeShown) {
    if (this.step !== "code" || shown.purpose !== this.purpose) return;
    this.failure = null;
    this.code = "";
    if (shown.purpose === "leave") {
      this.left = shown.name;
      this.step = "goodbye";
      return;
    }
    this.#invited = true;
    this.asked = shown;
    this.step = "known";
  }

  /** Searches for what stands in the field; an answer that comes too late is left alone. */
  async search() {
    const typed = this.host.trim();
    this.chosen = null;
    this.#asksFor = typed;
    if ([...typed].length < 2) {
      this.hits = [];
      this.searched = "";
      return;
    }
    const answer = await this.desk.backend.findHosts(typed);
    if (this.#asksFor !== typed) return;
    this.failure = answer.status === "error" ? answer.error : null;
    this.hits = answer.status === "ok" ? answer.data : [];
    this.searched = typed;
  }

  choose(hit: HostHit) {
    this.chosen = hit;
    this.host = "";
    this.hits = [];
    this.searched = "";
    this.#asksFor = "";
    void this.next();
  }

  hostUnknown() {
    this.chosen = null;
    this.host = "";
    this.hits = [];
    this.searched = "";
    void this.next();
  }

  async getPass() {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    passAsked();
    const agreement = this.desk.info.agreement;
    const answer = await this.desk.backend.registerVisitor({
      form: this.#form,
      name: this.name,
      phone: this.phone,
      host: this.host,
      doors: null,
      until: null,
      times: null,
      knownHost: this.chosen?.id ?? null,
      ticket: this.guest?.ticket ?? null,
      agreement:
        agreement && this.consent
          ? { version: agreement.version, language: this.desk.language, consent: this.consent }
          : null,
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
    const first = (["phone", "name", "host"] as const).find((field) => faults[field]);
    if (first) this.step = first;
    else this.failure = answer.error;
  }

  /** The desk says that a pass has changed. */
  async passChanged(id: string) {
    if (this.screen?.pass.id !== id) return;
    const answer = await this.desk.backend.passScreen(id);
    if (answer.status === "ok" && this.screen?.pass.id === id) this.screen = answer.data;
  }

  #go(by: 1 | -1): boolean {
    const to = this.questions[this.number - 1 + by];
    if (to) this.step = to;
    return to !== undefined;
  }

  /** Whether somebody with this phone number was here before. Whatever is in the way, the walk goes on. */
  async #isKnown(): Promise<boolean> {
    if (this.phone.trim() === "" || this.busy) return this.busy;
    this.busy = true;
    const answer = await this.desk.backend.returning(this.phone);
    this.busy = false;
    if (answer.status === "error" || !answer.data || this.step !== "phone") return false;
    this.asked = answer.data;
    this.step = "known";
    return true;
  }
}
