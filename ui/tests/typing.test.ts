// The small parts of the kiosk's keyboard: groups of digits, letters with marks, pages of the strip.

import { describe, expect, test } from "vitest";
import { grouped } from "../src/state/phone";
import { relatives } from "../src/stations/kiosk/marks";
import { pages } from "../src/stations/kiosk/strip-pages";

describe("a phone number", () => {
  test.each([
    ["138", "138"],
    ["1380", "138 0"],
    ["13800138000", "138 0013 8000"],
    ["138 0013 8000", "138 0013 8000"],
    ["+8613800138000", "+86 138 0013 8000"],
    ["138 0013 80001", "138001380001"],
    ["+4412345", "+4412345"],
    ["+44 20 7946 0000", "+44 20 7946 0000"],
    ["021 6329 0000", "021 6329 0000"],
    ["(021) 6329", "(021) 6329"],
    ["", ""],
  ])("%s is shown as %s", (typed, shown) => {
    expect(grouped(typed, typed.length)).toEqual({ text: shown, caret: shown.length });
  });

  test("the caret stays behind the digit it was behind", () => {
    expect(grouped("1380", 3)).toEqual({ text: "138 0", caret: 3 });
    expect(grouped("138 9 0013 8000", 5)).toEqual({ text: "138900138000", caret: 4 });
    expect(grouped("13 0013 8000", 2)).toEqual({ text: "130 0138 000", caret: 2 });
  });
});

describe("letters with marks", () => {
  test("a letter has its relatives, and they have it", () => {
    expect(relatives("U")[0]).toBe("Ü");
    expect(relatives("e").slice(0, 2)).toEqual(["é", "è"]);
    expect(relatives("n")[0]).toBe("ñ");
    expect(relatives("Ü")).toContain("U");
    expect(relatives("S")).toContain("ẞ");
    for (const other of ["x", "7", "", "王", "'"]) expect(relatives(other)).toEqual([]);
  });

  test("each is one letter of the same size as the one that was typed", () => {
    for (const letter of "abcdefghijklmnopqrstuvwxyz") {
      for (const one of relatives(letter)) expect(one).toBe(one.toLowerCase());
      for (const one of relatives(letter.toUpperCase())) {
        expect([...one]).toHaveLength(1);
        expect(one).toBe(one.toUpperCase());
      }
    }
  });
});

describe("the strip", () => {
  const offered = (...texts: string[]) => pages(texts.map((text) => ({ text })));

  test("holds seven characters, and fewer words", () => {
    expect(offered(..."一二三四五六七八九").map((sheet) => sheet.length)).toEqual([7, 2]);
    expect(offered(...Array(9).fill("欧阳娜娜")).map((sheet) => sheet.length)).toEqual([4, 4, 1]);
    expect(offered()).toEqual([]);
  });

  test("loses nothing and keeps the order", () => {
    const texts = ["欧阳娜娜", "欧阳", "娜", "@gmail.com", ".cn", "一", "二", "三", "四"];
    expect(
      offered(...texts)
        .flat()
        .map(({ text }) => text),
    ).toEqual(texts);
  });
});
