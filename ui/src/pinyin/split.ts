// Typed letters as syllables, in every way that makes sense: "xian" is one or two, "xi'an" is two.

import type { Dictionary } from "./dictionary";

/** One way to read the letters. */
export type Split = {
  syllables: string[];
  /** How many of the typed letters the first n syllables take, with the apostrophe behind them: `ends[n - 1]`. */
  ends: number[];
  /** The last syllable is only begun. */
  open: boolean;
};

const WAYS = 6;
const LONGEST = 6;

/** The ways to read as much of `letters` as can be read, those with few and long syllables first. */
export function split(letters: string, dictionary: Dictionary): Split[] {
  const known = new Map<number, Split[]>();

  function from(start: number): Split[] {
    const there = known.get(start);
    if (there) return there;
    const ways: Split[] = [];
    for (let end = Math.min(start + LONGEST, letters.length); end > start; end--) {
      const piece = letters.slice(start, end);
      if (piece.includes("'")) continue;
      let next = end;
      while (letters[next] === "'") next += 1;
      if (dictionary.isSyllable(piece)) {
        if (next === letters.length) ways.push({ syllables: [piece], ends: [next], open: false });
        else
          for (const rest of from(next))
            ways.push({
              syllables: [piece, ...rest.syllables],
              ends: [next, ...rest.ends],
              open: rest.open,
            });
      } else if (next === letters.length && dictionary.isBeginning(piece)) {
        ways.push({ syllables: [piece], ends: [next], open: true });
      }
    }
    const finished = ways.filter((way) => !way.open);
    const best = (finished.length > 0 ? finished : ways).sort(better).slice(0, WAYS);
    known.set(start, best);
    return best;
  }

  const begin = letters.length - letters.replace(/^'+/, "").length;
  for (let end = letters.length; end > begin; end--) {
    const whole = end === letters.length ? from(begin) : split(letters.slice(0, end), dictionary);
    if (whole.length > 0) return whole;
  }
  return [];
}

function better(a: Split, b: Split): number {
  return a.syllables.length - b.syllables.length || unmarked(a) - unmarked(b);
}

/** Syllables that should have an apostrophe before them: na'an is not often meant by "nanan". */
const unmarked = ({ syllables }: Split) => syllables.slice(1).filter((one) => /^[aeo]/.test(one)).length;
