// A phone number as one reads it aloud. Chinese mobile numbers are read in groups of 3, 4 and 4; other countries have
// their own ways, and theirs stay as they are typed.

const OURS = /^(\+86)?(1\d{0,10})$/;
const TOO_LONG = /^(\+86)?1\d{11,}$/;

/** The text with its groups, and where the caret is then. */
export function grouped(text: string, caret: number): { text: string; caret: number } {
  if (!/^\+?[\d ]*$/.test(text)) return { text, caret };
  const digits = text.replaceAll(" ", "");
  const before = text.slice(0, caret).replaceAll(" ", "").length;
  const [, country = "", number] = OURS.exec(digits) ?? [];
  // What has become too long for the groups is one row again.
  if (number === undefined) return TOO_LONG.test(digits) ? { text: digits, caret: before } : { text, caret };
  const parts = [country, number.slice(0, 3), number.slice(3, 7), number.slice(7)].filter(Boolean);
  const shown = parts.join(" ");
  let after = 0;
  for (let n = 0; n < before; after++) if (shown[after] !== " ") n += 1;
  return { text: shown, caret: after };
}

const bare = (text: string) => text.normalize("NFKC").replaceAll(/[\s().-]/g, "");

/** Whether a typed number may be the one that is shown with its middle hidden. */
export function phoneIs(shown: string, typed: string): boolean {
  const [there, here] = [bare(shown), bare(typed)];
  if (there.length !== here.length || !/\d{4}$/.test(there)) return false;
  return [...there].every((sign, n) => sign === "*" || sign === here[n]);
}

/** Whether a shown number has the typed digits, or may be the whole typed number. */
export function phoneHas(shown: string, typed: string): boolean {
  return (bare(typed) !== "" && bare(shown).includes(bare(typed))) || phoneIs(shown, typed);
}
