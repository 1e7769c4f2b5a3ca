// How characters, words and surnames are read: pinyin without tones, `v` for ü, a space between syllables.

import { pinyin } from "pinyin-pro";
import known from "pinyin-pro/dist/esm/data/surname.mjs";

const plain = { toneType: "none", v: true, type: "array" } as const;
const asked = new Map<string, string[]>();
const SYLLABLE = /^[a-z]{1,6}$/;

/** Every reading of one character; none when nobody has written it down. */
export function readings(character: string): string[] {
  let found = asked.get(character);
  if (!found) {
    found = [...new Set(pinyin(character, { ...plain, multiple: true }))].filter(
      (syllable) => SYLLABLE.test(syllable) && !OLD.has(syllable),
    );
    asked.set(character, found);
  }
  return found;
}

/** How a word is read, or null when a part of it is not Chinese. */
export function reading(word: string): string | null {
  const syllables = pinyin(word, plain);
  return syllables.length === [...word].length && syllables.every((one) => SYLLABLE.test(one))
    ? syllables.join(" ")
    : null;
}

/** Interjections without a vowel and spellings of old books: they would only split other words wrongly. */
const OLD = new Set(["m", "n", "ng", "hm", "hng", "ê", "yo", "lo"]);

/** What the package does not know, or reads as the word and not as the name. */
const OWN: [surname: string, reading: string][] = [
  ["单于", "chan yu"],
  ["单", "shan"],
  ["仇", "qiu"],
  ["区", "ou"],
  ["解", "xie"],
  ["查", "zha"],
  ["曾", "zeng"],
  ["盖", "ge"],
  ["盖", "gai"],
  ["覃", "qin"],
  ["覃", "tan"],
  ["牟", "mu"],
  ["牟", "mou"],
  ["缪", "miao"],
  ["缪", "mou"],
  ["乐", "yue"],
  ["乐", "le"],
  ["召", "shao"],
  ["折", "she"],
  ["种", "chong"],
  ["秘", "bi"],
  ["黑", "he"],
  ["逄", "pang"],
  ["洗", "xian"],
  ["冼", "xian"],
  ["尉", "wei"],
  ["尉", "yu"],
  ["葛", "ge"],
  ["哈", "ha"],
  ["仝", "tong"],
  ["纪", "ji"],
  ["子车", "zi ju"],
  ["呼延", "hu yan"],
  ["纳兰", "na lan"],
  ["叶赫", "ye he"],
  ["东方", "dong fang"],
  ["独孤", "du gu"],
  ["西门", "xi men"],
  ["吕", "lv"],
  ["闾", "lv"],
];

/** Every surname with its readings; a name is not always read as the word is. */
export function surnames(): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  const add = (surname: string, read: string) => {
    all.set(surname, (all.get(surname) ?? new Set()).add(read));
  };
  for (const [surname, toned] of Object.entries(known)) {
    const read = toned
      .normalize("NFD")
      .replaceAll("u\u0308", "v")
      .replaceAll(/[\u0300-\u036f]/g, "");
    add(surname, read);
  }
  for (const [surname, read] of OWN) add(surname, read);
  return all;
}
