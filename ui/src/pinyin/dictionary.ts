// What may be read how. The text is made by pinyin/dictionary.ts and is a chunk of its own, fetched with the first
// Chinese letter's keyboard. Nothing is ever added to it: the next visitor finds it as the last one did.

/** Readings, each with what is read so, the most frequent first and without anything between. */
type Part = ReadonlyMap<string, string>;

export class Dictionary {
  readonly #surnames: Part;
  readonly #given: Part;
  readonly #all: Part;
  readonly #syllables: ReadonlySet<string>;
  readonly #beginnings: ReadonlySet<string>;

  constructor(text: string) {
    const [surnames = "", given = "", all = ""] = text.split("\n\n");
    this.#surnames = lines(surnames);
    this.#given = lines(given);
    this.#all = lines(all);
    const syllables = [...this.#all.keys()].filter((read) => !read.includes(" "));
    this.#syllables = new Set(syllables);
    this.#beginnings = new Set(syllables.flatMap((one) => Array.from(one, (_, n) => one.slice(0, n + 1))));
  }

  surnames(syllables: readonly string[]): string[] {
    return found(this.#surnames, syllables);
  }

  given(syllables: readonly string[]): string[] {
    return found(this.#given, syllables);
  }

  /** Words, and for one syllable characters. */
  all(syllables: readonly string[]): string[] {
    return found(this.#all, syllables);
  }

  isSyllable(letters: string): boolean {
    return this.#syllables.has(usual(letters));
  }

  isBeginning(letters: string): boolean {
    return this.#beginnings.has(letters);
  }

  /** The syllables that begin with these letters, the most frequent first. */
  beginningWith(letters: string, surname: boolean): string[] {
    const from = surname ? this.#surnames : this.#all;
    return [...from.keys()].filter((read) => !read.includes(" ") && read.startsWith(letters));
  }
}

let loading: Promise<Dictionary> | undefined;

export function loadDictionary(): Promise<Dictionary> {
  loading ??= import("virtual:pinyin").then(({ default: text }) => new Dictionary(text));
  return loading;
}

/** Passports write LYU, keyboards lv, and both are met as lue and lüe. */
const OTHER: Record<string, string> = { lyu: "lv", nyu: "nv", lue: "lve", nue: "nve" };
const usual = (letters: string) => OTHER[letters] ?? letters;

function lines(text: string): Part {
  return new Map(text.split("\n").map((line) => line.split("\t", 2) as [string, string]));
}

function found(part: Part, syllables: readonly string[]): string[] {
  const together = part.get(syllables.map(usual).join(" "));
  if (!together) return [];
  if (syllables.length === 1) return [...together];
  const letters = [...together];
  const words: string[] = [];
  for (let n = 0; n < letters.length; n += syllables.length)
    words.push(letters.slice(n, n + syllables.length).join(""));
  return words;
}
