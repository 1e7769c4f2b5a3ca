// Letters with marks, for the letter that was typed last: U becomes Ü with one more touch.

const FAMILIES = [
  "a ä á à â å ã æ ā ă ą",
  "c ç č ć ĉ",
  "d ð đ ď",
  "e é è ê ë ē ę ě ė",
  "g ğ ģ ġ",
  "h ħ",
  "i í ì î ï ı ī į",
  "k ķ",
  "l ł ľ ļ",
  "n ñ ń ň ņ",
  "o ö ó ò ô ø õ œ ő ō",
  "r ř ŕ",
  "s ß š ś ş ș",
  "t þ ť ţ ț",
  "u ü ú ù û ů ű ū ų",
  "w ŵ",
  "y ý ÿ ŷ",
  "z ž ź ż",
].map((family) => family.split(" "));

/** What else the letter may be; nothing when it has no relatives. */
export function relatives(letter: string): string[] {
  const small = letter.toLowerCase();
  const family = FAMILIES.find((one) => one.includes(small)) ?? [];
  const others = family.filter((one) => one !== small);
  if (small === letter) return others;
  // ß, ı and their like have no capital of one letter that is their own.
  return others.filter((one) => one !== "ı").map((one) => (one === "ß" ? "ẞ" : one.toUpperCase()));
}
