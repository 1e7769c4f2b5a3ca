// How often words and the parts of names occur, counted in jieba's list of words, which marks persons with "nr".

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export type Counts = Map<string, number>;

export type Counted = {
  /** Words of two to four characters. */
  words: Counts;
  /** Single characters, alone and in words. */
  characters: Counts;
  /** Surnames, by how many different persons bear them. */
  surnames: Counts;
  /** What stands behind the surname, whole, by behind how many different ones: foreign names stand behind few. */
  given: Counts;
  /** The characters of which given names are made, counted so too. */
  inGiven: Counts;
};

type Behind = Map<string, Set<string>>;

const HAN = /^\p{Script=Han}+$/u;

export function count(isSurname: (text: string) => boolean): Counted {
  const path = createRequire(import.meta.url).resolve("@node-rs/jieba/dict.txt");
  const given: Behind = new Map();
  const inGiven: Behind = new Map();
  const counted: Counted = {
    words: new Map(),
    characters: new Map(),
    surnames: new Map(),
    given: new Map(),
    inGiven: new Map(),
  };
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [word = "", times = "0", kind = ""] = line.trim().split(" ");
    if (!HAN.test(word)) continue;
    const letters = [...word];
    const often = Number(times);
    for (const letter of letters) add(counted.characters, letter, often);
    if (kind === "nr" && letters.length >= 2) person(letters);
    else if (letters.length >= 2 && letters.length <= 4) add(counted.words, word, often);
  }
  counted.given = sizes(given);
  counted.inGiven = sizes(inGiven);
  return counted;

  function person(letters: string[]) {
    const long = letters.slice(0, 2).join("");
    const surname = letters.length > 2 && isSurname(long) ? long : (letters[0] ?? "");
    const rest = letters.slice([...surname].length);
    if (!isSurname(surname) || rest.length > 2) return;
    add(counted.surnames, surname, 1);
    for (const letter of rest) behind(inGiven, letter, surname);
    if (rest.length === 2) behind(given, rest.join(""), surname);
  }
}

function behind(names: Behind, name: string, surname: string) {
  names.set(name, (names.get(name) ?? new Set()).add(surname));
}

const sizes = (names: Behind): Counts => new Map([...names].map(([name, surnames]) => [name, surnames.size]));

function add(counts: Counts, what: string, times: number) {
  counts.set(what, (counts.get(what) ?? 0) + times);
}
