// A hand scanner is a keyboard that types quickly. What it types is one code, wherever the focus is: no button, no door
// and no other field may have any of it, and an input method must not change it.
//
// Keys that follow one another within 30 ms are not a person's. The first three may be (two fingers at once are), so they
// go where they go, and what they did to a field is undone when the fourth comes. Letters are read off the keys and not
// off the text, because behind an input method there is no text: only the key "Process".

/** Between two keys of a scanner. */
export const GAP_MS = 30;
/** After the last of them, where no Enter or Tab follows. */
export const PAUSE_MS = 120;
/** An Enter or Tab this soon after a scan belongs to it. */
const SUFFIX_MS = 250;
/** So many keys in a row are a scanner's. */
const CERTAIN = 4;
/** What has fewer is half a scan. */
const SHORTEST = 6;

type Field = HTMLInputElement | HTMLTextAreaElement;
export type Hears = {
  /** It is a scanner: whatever its first keys began must stop. */
  began(): void;
  scanned(text: string): void;
  half(): void;
};

export class Wedge {
  #run = "";
  #last = Number.NEGATIVE_INFINITY;
  #over = Number.NEGATIVE_INFINITY;
  #certain = false;
  #numpad = "";
  #field: Field | null = null;
  #before = "";
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly hears: Hears) {}

  /** True when the key is a scanner's: nobody else is to see it. To be asked first of all, while it is captured. */
  down(event: KeyboardEvent): boolean {
    const mine = this.#down(event);
    if (mine) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    return mine;
  }

  up(event: KeyboardEvent) {
    if (event.key !== "Alt" || this.#numpad === "") return;
    const letter = String.fromCharCode(Number(this.#numpad));
    this.#numpad = "";
    this.#take(letter, event);
  }

  /** Nothing of what came so far counts: the window lost the keyboard, or the page goes away. */
  drop() {
    clearTimeout(this.#pause);
    if (this.#certain) this.hears.half();
    this.#run = "";
    this.#certain = false;
    this.#numpad = "";
  }

  #down(event: KeyboardEvent): boolean {
    const at = event.timeStamp;
    const near = at - this.#last <= GAP_MS;
    if (event.repeat) return this.#certain;
    if (/^(Shift|Alt|CapsLock|NumLock)/.test(event.code)) {
      if (near && this.#run !== "") this.#last = at;
      return false;
    }
    // Some spell each letter as Alt and its number, so that no layout changes it.
    if (event.altKey && /^Numpad\d$/.test(event.code)) {
      this.#numpad += event.code.slice(6);
      return true;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (/^(Enter|NumpadEnter|Tab)$/.test(event.code || event.key)) {
      if (this.#run !== "" && (near || (this.#certain && at - this.#last <= SUFFIX_MS))) {
        this.#finish(at);
        return true;
      }
      return at - this.#over <= SUFFIX_MS;
    }
    const letter = letterOf(event);
    if (letter === null) {
      this.drop();
      return false;
    }
    return this.#take(letter, event);
  }

  #take(letter: string, event: KeyboardEvent): boolean {
    const at = event.timeStamp;
    if (at - this.#last > GAP_MS) {
      if (this.#certain) this.#finish(this.#last);
      this.#run = "";
      this.#field = isField(document.activeElement) ? document.activeElement : null;
      this.#before = this.#field?.value ?? "";
    }
    this.#run += letter;
    this.#last = at;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#certain ? this.#finish(at) : this.drop()), PAUSE_MS);
    if (!this.#certain && this.#run.length >= CERTAIN) {
      this.#certain = true;
      // An input method lets go of what it has begun only together with the field.
      if (event.isComposing || event.key === "Process") this.#field?.blur();
      this.#undo();
      this.hears.began();
    }
    return this.#certain;
  }

  #finish(at: number) {
    clearTimeout(this.#pause);
    this.#undo();
    const text = this.#run;
    this.#run = "";
    this.#certain = false;
    this.#over = at;
    if (text.length >= SHORTEST) this.hears.scanned(text);
    else this.hears.half();
  }

  #undo() {
    if (!this.#field || this.#field.value === this.#before) return;
    this.#field.value = this.#before;
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const isField = (element: Element | null): element is Field =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !/^(button|checkbox|radio|range|submit)$/.test(element.type));

const DIGITS = ")!@#$%^&*(";
const SIGNS: Record<string, string> = {
  Minus: "-_",
  Equal: "=+",
  Period: ".>",
  Slash: "/?",
  Semicolon: ";:",
  Comma: ",<",
  Quote: "'\"",
  BracketLeft: "[{",
  BracketRight: "]}",
  Backslash: "\\|",
  Backquote: "`~",
  Space: "  ",
  NumpadSubtract: "--",
  NumpadAdd: "++",
  NumpadDecimal: "..",
  NumpadDivide: "//",
  NumpadMultiply: "**",
};

/** The letter a key stands for, whatever an input method or a caps lock makes of it; none for a key without one. */
export function letterOf(event: KeyboardEvent): string | null {
  if (event.key.length === 1 && event.key >= " " && event.key <= "~") {
    if (!event.getModifierState("CapsLock") || !/[a-z]/i.test(event.key)) return event.key;
    return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  }
  const [, kind, name = ""] = /^(Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code) ?? [];
  if (kind === "Key") return event.shiftKey ? name : name.toLowerCase();
  if (kind === "Digit") return event.shiftKey ? (DIGITS[Number(name)] ?? null) : name;
  if (kind === "Numpad") return name;
  return SIGNS[event.code]?.[event.shiftKey ? 1 : 0] ?? null;
}
