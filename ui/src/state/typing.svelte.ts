// One visitor's typing into one field. The letters that are to become Chinese stand in the field itself until
// characters take their place, so nothing is held here that is not on the screen, and going on keeps what was typed.

import type { Dictionary } from "../pinyin/dictionary";
import { offers } from "../pinyin/offers";

export type Script = "pinyin" | "latin";

/** Something that can be put into the field in place of what stands from one place to another. */
export type Choice = { text: string; from: number; to: number };

export type Wanted = {
  field: () => HTMLInputElement;
  /** Names of people are typed here. */
  name: boolean;
  script: () => Script;
  choose: (script: Script) => void;
  /** What else a letter may be. */
  relatives: (letter: string) => string[];
  /** What stands above the digits. */
  ends: string[];
};

const COMPOSED = /^[a-zü']+$/;
const HAN = /\p{Script=Han}/u;

export class Typing {
  page = $state<"letters" | "capitals" | "digits">("letters");
  choices = $state.raw<Choice[]>([]);
  /** Where in the field the letters begin that are to become Chinese. */
  #begins: number | null = null;
  #dictionary: Dictionary | undefined;

  constructor(readonly wanted: Wanted) {}

  /** The dictionary has come. */
  known(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.look();
  }

  /** Begins a field: with a capital where it is empty. */
  begin() {
    if (this.#field.value === "") this.page = "capitals";
    this.look();
  }

  press(key: string) {
    if (key === "{shift}") this.page = this.page === "capitals" ? "letters" : "capitals";
    else if (key === "{digits}") this.#turn("digits");
    else if (key === "{letters}") this.#turn("letters");
    else if (key === "{pinyin}" || key === "{latin}") this.#speak(key === "{pinyin}" ? "pinyin" : "latin");
    else if (key === "{bksp}") this.#edit((input, from, to) => erase(input, from, to));
    else if (key === "{clear}") this.#clear();
    else if (key === "{space}") this.#space();
    else this.#letter(key);
  }

  take({ text, from, to }: Choice) {
    this.#edit((input) => {
      const after = Math.max(input.selectionStart ?? to, to) - (to - from) + text.length;
      input.setRangeText(text, from, to);
      input.setSelectionRange(after, after);
      // The letters behind it are next.
      if (this.#begins !== null) this.#begins = from + text.length;
    });
  }

  /** Looks at the field anew: what stands before the caret decides what is offered. */
  look() {
    const { value, selectionStart } = this.#field;
    const caret = selectionStart ?? value.length;
    if (this.#begins !== null && !COMPOSED.test(value.slice(this.#begins, caret))) this.#begins = null;
    this.choices = this.#offered(value, caret);
  }

  get #field() {
    return this.wanted.field();
  }

  #offered(value: string, caret: number): Choice[] {
    if (this.page === "digits") return this.wanted.ends.map((text) => ({ text, from: caret, to: caret }));
    if (this.wanted.script() === "latin")
      return this.wanted
        .relatives(value.slice(caret - 1, caret))
        .map((text) => ({ text, from: caret - 1, to: caret }));
    const from = this.#begins;
    if (from === null || !this.#dictionary) return [];
    const place = { name: this.wanted.name, first: !HAN.test(value.slice(0, from)) };
    return offers(value.slice(from, caret), place, this.#dictionary).map(({ text, letters }) => ({
      text,
      from,
      to: from + letters,
    }));
  }

  #letter(key: string) {
    const chinese = this.wanted.script() === "pinyin" && this.page !== "digits";
    const joins = chinese && (/^[a-z]$/.test(key) || (key === "'" && this.#begins !== null));
    this.#edit((input, from, to) => {
      if (joins) this.#begins ??= from;
      else this.#begins = null;
      input.setRangeText(joins && key === "v" ? "ü" : key, from, to, "end");
    });
    if (this.page === "capitals") this.page = "letters";
  }

  #space() {
    const [first] = this.choices;
    if (first && this.#begins !== null) return this.take(first);
    this.#edit((input, from, to) => input.setRangeText(" ", from, to, "end"));
    if (this.page === "letters") this.page = "capitals";
  }

  #clear() {
    this.#edit((input) => input.setRangeText("", 0, input.value.length, "end"));
    if (this.page === "letters") this.page = "capitals";
  }

  #turn(page: "letters" | "capitals" | "digits") {
    this.page = page;
    this.#begins = null;
    this.look();
  }

  #speak(script: Script) {
    this.wanted.choose(script);
    this.#turn(this.#field.value === "" ? "capitals" : "letters");
  }

  #edit(change: (input: HTMLInputElement, from: number, to: number) => void) {
    const input = this.#field;
    input.focus();
    const end = input.value.length;
    change(input, input.selectionStart ?? end, input.selectionEnd ?? end);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    this.look();
  }
}

/** What is chosen, or else the character before the caret, be it one unit long or several. */
function erase(input: HTMLInputElement, from: number, to: number) {
  const last = [...new Intl.Segmenter().segment(input.value.slice(0, from))].at(-1);
  input.setRangeText("", from === to ? from - (last?.segment.length ?? 0) : from, to, "end");
}
