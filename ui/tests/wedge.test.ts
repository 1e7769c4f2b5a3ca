// A hand scanner behind the keyboard: told from a person by its timing, heard whatever has the focus, and whole.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GAP_MS, PAUSE_MS, Wedge } from "../src/state/wedge";

type Stroke = {
  key: string;
  code: string;
  shift?: boolean;
  alt?: boolean;
  caps?: boolean;
  composing?: boolean;
};
const CODE = "V1A9F0C2";

let heard: string[];
let wedge: Wedge;
let field: HTMLInputElement;
let now: number;

beforeEach(() => {
  vi.useFakeTimers();
  now = 10_000;
  heard = [];
  wedge = new Wedge({
    began: () => heard.push("began"),
    scanned: (text) => heard.push(text),
    half: () => heard.push("half"),
  });
  field = document.createElement("input");
  document.body.replaceChildren(field);
  field.focus();
});
afterEach(() => vi.useRealTimers());

function wait(ms: number) {
  now += ms;
  vi.advanceTimersByTime(ms);
}

function event(type: "keydown" | "keyup", { key, code, shift, alt, caps, composing }: Stroke): KeyboardEvent {
  const made = new KeyboardEvent(type, {
    key,
    code,
    shiftKey: shift ?? false,
    altKey: alt ?? false,
    bubbles: true,
  });
  Object.defineProperties(made, {
    timeStamp: { value: now },
    isComposing: { value: composing ?? false },
    getModifierState: { value: (name: string) => name === "CapsLock" && (caps ?? false) },
  });
  return made;
}

/** Presses a key; where nobody keeps it, the field gets what it types, as in a browser. */
function press(stroke: Stroke, types = stroke.key.length === 1 ? stroke.key : ""): boolean {
  const taken = wedge.down(event("keydown", stroke));
  if (!taken && document.activeElement === field) field.value += types;
  return taken;
}

const strokeOf = (letter: string): Stroke => ({
  key: letter,
  code: /\d/.test(letter) ? `Digit${letter}` : letter === "-" ? "Minus" : `Key${letter.toUpperCase()}`,
  shift: /[A-Z]/.test(letter),
});

function scan(text: string, gap = 5) {
  for (const [n, letter] of [...text].entries()) {
    if (n > 0) wait(gap);
    press(strokeOf(letter));
  }
}
const ENTER = { key: "Enter", code: "Enter" };
const TAB = { key: "Tab", code: "Tab" };

describe("a scan", () => {
  test.each([1, 5, 20, GAP_MS])("at %i ms a key, ended by Enter", (gap) => {
    scan(CODE, gap);
    wait(gap);
    expect(press(ENTER)).toBe(true);
    expect(heard).toEqual(["began", CODE]);
    expect(field.value).toBe("");
  });

  test("ended by Tab", () => {
    scan(CODE);
    expect(press(TAB)).toBe(true);
    expect(heard).toEqual(["began", CODE]);
  });

  test("ended by a pause, and the Enter that comes late is no person's", () => {
    scan(CODE);
    wait(PAUSE_MS - 1);
    expect(heard).toEqual(["began"]);
    wait(1);
    expect(heard).toEqual(["began", CODE]);
    wait(60);
    expect(press(ENTER)).toBe(true);
    wait(1000);
    expect(press(ENTER)).toBe(false);
    expect(heard).toEqual(["began", CODE]);
  });

  test("with two ends, carriage return and line feed", () => {
    scan(CODE);
    expect(press(ENTER)).toBe(true);
    wait(5);
    expect(press(ENTER)).toBe(true);
    expect(heard).toEqual(["began", CODE]);
  });

  test("gives back to a field what its first keys did to it", () => {
    field.value = "half a sentence";
    let told = 0;
    field.addEventListener("input", () => told++);
    scan(CODE);
    press(ENTER);
    expect(field.value).toBe("half a sentence");
    expect(told).toBeGreaterThan(0);
  });

  test("two of them, one after the other", () => {
    scan(CODE);
    press(ENTER);
    wait(200);
    scan("K7MPQ4XW");
    press(ENTER);
    expect(heard).toEqual(["began", CODE, "began", "K7MPQ4XW"]);
  });

  test("and one that follows without any end", () => {
    scan(CODE);
    wait(PAUSE_MS);
    scan("K7MPQ4XW");
    wait(PAUSE_MS);
    expect(heard).toEqual(["began", CODE, "began", "K7MPQ4XW"]);
  });
});

describe("half a scan", () => {
  test("is thrown away and said to be, and the next one is whole", () => {
    scan("V1A9");
    wait(PAUSE_MS);
    expect(heard).toEqual(["began", "half"]);
    scan(CODE);
    press(ENTER);
    expect(heard).toEqual(["began", "half", "began", CODE]);
  });

  test("is thrown away when the window loses the keyboard", () => {
    scan(CODE);
    wedge.drop();
    wait(PAUSE_MS);
    expect(heard).toEqual(["began", "half"]);
    expect(press(ENTER)).toBe(false);
  });

  test("is thrown away when another key comes between", () => {
    scan("V1A9F0C2");
    press({ key: "ArrowDown", code: "ArrowDown" });
    press(ENTER);
    expect(heard).toEqual(["began", "half"]);
  });
});

describe("a person", () => {
  test("who types is no scanner, and their Enter is theirs", () => {
    scan(CODE, 90);
    wait(90);
    expect(press(ENTER)).toBe(false);
    expect(heard).toEqual([]);
    expect(field.value).toBe(CODE);
  });

  test("who rolls over three keys at once is none either", () => {
    scan("abc", 12);
    wait(200);
    scan("de", 20);
    wait(200);
    expect(heard).toEqual([]);
    expect(field.value).toBe("abcde");
  });

  test("who holds a key down is none", () => {
    press(strokeOf("a"));
    for (let n = 0; n < 20; n++) {
      wait(20);
      const again = event("keydown", strokeOf("a"));
      Object.defineProperty(again, "repeat", { value: true });
      expect(wedge.down(again)).toBe(false);
    }
    expect(heard).toEqual([]);
  });

  test("who is typing when a scan comes loses nothing", () => {
    scan("K7", 120);
    wait(120);
    scan(CODE);
    press(ENTER);
    expect(heard).toEqual(["began", CODE]);
    expect(field.value).toBe("K7");
  });
});

describe("whatever stands between", () => {
  test("an input method: only the keys are known, and its text goes", () => {
    let text = "";
    for (const letter of CODE) {
      const stroke = { ...strokeOf(letter), key: "Process", composing: text !== "" };
      if (!press(stroke)) {
        text += letter.toLowerCase();
        field.value = text;
      }
      wait(5);
    }
    expect(document.activeElement).not.toBe(field);
    press({ key: "Process", code: "Enter", composing: true });
    expect(heard).toEqual(["began", CODE]);
    expect(field.value).toBe("");
  });

  test("a caps lock: capitals stay capitals", () => {
    for (const letter of "Ab9-Kz") {
      const stroke = strokeOf(letter);
      const turned = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
      press({ ...stroke, key: /[a-z]/i.test(letter) ? turned : letter, caps: true });
      wait(5);
    }
    press(ENTER);
    expect(heard).toEqual(["began", "Ab9-Kz"]);
  });

  test("each letter spelt as Alt and its number", () => {
    for (const letter of CODE) {
      press({ key: "Alt", code: "AltLeft", alt: true });
      for (const digit of String(letter.charCodeAt(0))) {
        expect(press({ key: digit, code: `Numpad${digit}`, alt: true })).toBe(true);
        wait(2);
      }
      wedge.up(event("keyup", { key: "Alt", code: "AltLeft" }));
      wait(2);
    }
    press(ENTER);
    expect(heard).toEqual(["began", CODE]);
  });

  test("Shift keys between the letters", () => {
    for (const letter of CODE) {
      press({ key: "Shift", code: "ShiftLeft" });
      wait(12);
      press(strokeOf(letter));
      wait(12);
    }
    press(ENTER);
    expect(heard).toEqual(["began", CODE]);
  });
});
