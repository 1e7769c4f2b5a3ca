// What the keyboard offers for the letters that were typed. In a name the surname comes first, whole names before
// words; in other fields words before names.

import type { Dictionary } from "./dictionary";
import { type Split, split } from "./split";

export type Offer = {
  text: string;
  /** How many of the typed letters it stands for. */
  letters: number;
};

/** Where the letters are being typed. */
export type Place = {
  name: boolean;
  /** Nothing Chinese stands before them: this is where a surname is. */
  first: boolean;
};

const ENOUGH = 240;

export function offers(letters: string, place: Place, dictionary: Dictionary): Offer[] {
  const [best, ...others] = split(letters.replaceAll("ü", "v"), dictionary);
  if (!best) return [];
  const near = others.filter(({ syllables }) => syllables.length <= best.syllables.length + 1);
  const surnames = place.first ? beginnings(best, (read) => dictionary.surnames(read), 2) : [];
  const whole = surnames.filter((offer) => offer.letters === best.ends.at(-1));
  const names = place.first ? wholeNames(best, dictionary) : place.name ? wholeGiven(best, dictionary) : [];
  const words = [best, ...near].flatMap((way) => wholeWords(way, dictionary));
  const short = best.syllables.length === 1 ? singles(best, place, dictionary) : [];
  return distinct([
    ...short.slice(0, 4),
    ...(place.name ? [...whole, ...names.slice(0, 3)] : []),
    ...words.slice(0, 2),
    ...names,
    ...words,
    ...(words.length === 0 ? composed(best, dictionary) : []),
    ...surnames,
    ...[best, ...near].flatMap((way) => partly(way, place, dictionary)),
    ...[best, ...near].flatMap((way) => singles(way, place, dictionary)),
  ]).slice(0, ENOUGH);
}

/** Surname and given name from letters that were typed in one go. */
function wholeNames({ syllables, ends, open }: Split, dictionary: Dictionary): Offer[] {
  for (const n of [2, 1]) {
    const rest = syllables.slice(n);
    const [usual, other] = dictionary.surnames(syllables.slice(0, n));
    if (open || !usual || rest.length === 0 || rest.length > 2) continue;
    const given = givenNames(rest, dictionary);
    const texts = given.slice(0, 4).map((name) => usual + name);
    if (other) texts.splice(2, 0, ...given.slice(0, 1).map((name) => other + name));
    return texts.map((text) => ({ text, letters: ends.at(-1) ?? 0 }));
  }
  return [];
}

function wholeGiven({ syllables, ends, open }: Split, dictionary: Dictionary): Offer[] {
  if (open || syllables.length !== 2) return [];
  const letters = ends.at(-1) ?? 0;
  return givenNames(syllables, dictionary).map((text) => ({ text, letters }));
}

/** Names that are known, and those made of the characters that are usual in names. */
function givenNames([one = "", two]: string[], dictionary: Dictionary): string[] {
  const usual = (syllable: string) => [...dictionary.given([syllable]), ...dictionary.all([syllable])];
  if (!two) return usual(one);
  const made = usual(one)
    .slice(0, 2)
    .flatMap((a) =>
      usual(two)
        .slice(0, 3)
        .map((b) => a + b),
    );
  const twice =
    one === two
      ? usual(one)
          .slice(0, 3)
          .map((a) => a + a)
      : [];
  return [...new Set([...dictionary.given([one, two]).slice(0, 4), ...twice, ...made])];
}

function wholeWords({ syllables, ends, open }: Split, dictionary: Dictionary): Offer[] {
  if (open || syllables.length < 2) return [];
  const letters = ends.at(-1) ?? 0;
  return dictionary
    .all(syllables)
    .slice(0, 6)
    .map((text) => ({ text, letters }));
}

/** The longest words one after the other. */
function composed({ syllables, ends, open }: Split, dictionary: Dictionary): Offer[] {
  const until = open ? syllables.length - 1 : syllables.length;
  if (until < 2) return [];
  let text = "";
  for (let n = 0; n < until; ) {
    let long = Math.min(4, until - n);
    while (long > 1 && dictionary.all(syllables.slice(n, n + long)).length === 0) long -= 1;
    text += dictionary.all(syllables.slice(n, n + long))[0] ?? "";
    n += long;
  }
  return [{ text, letters: ends[until - 1] ?? 0 }];
}

/** What the first syllables are, longest first. */
function beginnings(way: Split, look: (read: string[]) => string[], longest: number): Offer[] {
  const whole = way.open ? way.syllables.length - 1 : way.syllables.length;
  const found: Offer[] = [];
  for (let n = Math.min(longest, whole); n >= 1; n--)
    for (const text of look(way.syllables.slice(0, n))) found.push({ text, letters: way.ends[n - 1] ?? 0 });
  return found;
}

function partly(way: Split, place: Place, dictionary: Dictionary): Offer[] {
  const shorter = { ...way, syllables: way.syllables.slice(0, -1), open: false };
  const look = (read: string[]) =>
    read.length < 2
      ? []
      : [...(place.name && !place.first ? dictionary.given(read) : []), ...dictionary.all(read)].slice(0, 8);
  return beginnings(shorter, look, 4);
}

/** Characters for the first syllable, or for all that the only one may become. */
function singles(way: Split, place: Place, dictionary: Dictionary): Offer[] {
  const [syllable = ""] = way.syllables;
  const letters = way.ends[0] ?? 0;
  const looks = [
    ...(place.first ? [(read: string[]) => dictionary.surnames(read)] : []),
    ...(place.name ? [(read: string[]) => dictionary.given(read)] : []),
    (read: string[]) => dictionary.all(read),
  ];
  if (!way.open || way.syllables.length > 1)
    return looks.flatMap((look) => look([syllable]).map((text) => ({ text, letters })));
  const may = dictionary.beginningWith(syllable, place.first);
  return looks.flatMap((look) =>
    [0, 1, 2].flatMap((n) => may.flatMap((read) => look([read])[n] ?? []).map((text) => ({ text, letters }))),
  );
}

function distinct(all: Offer[]): Offer[] {
  const seen = new Set<string>();
  return all.filter(({ text, letters }) => {
    const key = `${letters} ${text}`;
    if (text === "" || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
