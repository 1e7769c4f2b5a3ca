// Every language says everything: the compiler keeps the keys, this keeps the sentences.

import { describe, expect, test } from "vitest";
import { failureWords, faultWords } from "../src/failure-words";
import { words } from "../src/words/words";

type Leaf = { path: string; said: unknown };

function leaves(value: unknown, path = ""): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, said: value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

const spoken = (said: unknown) =>
  typeof said === "function" ? said(...[3, 4, 5].slice(0, Math.max(1, said.length))) : said;

describe.each(["zh-CN", "en"] as const)("%s", (language) => {
  const all = [
    ...leaves(words[language]),
    ...leaves(failureWords[language], "failure"),
    ...leaves(faultWords[language], "fault"),
  ];

  test.each(all)("$path says something", ({ said }) => {
    const text = spoken(said);
    expect(text).toBeTypeOf("string");
    expect(String(text).trim()).not.toBe("");
    expect(String(text)).not.toMatch(/undefined|null|NaN|\[object|TODO/);
  });
});

test("both languages say the same things", () => {
  const paths = (language: "zh-CN" | "en") => leaves(words[language]).map((leaf) => leaf.path);
  expect(paths("en")).toEqual(paths("zh-CN"));
});

test("the Chinese words are Chinese and the English ones are not", () => {
  const han = /\p{Script=Han}/u;
  const numbersOnly = new Set(["kiosk.step", "kiosk.letters", "kiosk.digits", "when.onDay"]);
  for (const { path, said } of leaves(words.en)) expect(String(spoken(said)), path).not.toMatch(han);
  for (const { path, said } of leaves(words["zh-CN"])) {
    if (!numbersOnly.has(path) && path !== "guard.lastPress") expect(String(spoken(said)), path).toMatch(han);
  }
});

test("no failure shows a visitor a code or a name from the inside", () => {
  for (const language of ["zh-CN", "en"] as const) {
    for (const [code, text] of Object.entries(failureWords[language])) {
      expect(text).not.toContain(code);
      expect(text).toMatch(/[。.]$/);
    }
  }
});
