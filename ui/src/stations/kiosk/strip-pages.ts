// How many offers stand beside each other: by the millimetres they take, and no more than the eye takes in.

const AT_MOST = 7;
/** Beside the two keys that turn the page. */
const ROOM_MM = 186;
const GAP_MM = 2;

export function pages<T extends { text: string }>(choices: readonly T[]): T[][] {
  const sheets: T[][] = [];
  let room = 0;
  for (const choice of choices) {
    const wide = width(choice.text) + GAP_MM;
    const sheet = sheets.at(-1);
    if (sheet && sheet.length < AT_MOST && wide <= room) {
      sheet.push(choice);
      room -= wide;
    } else {
      sheets.push([choice]);
      room = ROOM_MM + GAP_MM - wide;
    }
  }
  return sheets;
}

/** As the strip draws it: letters 9.5 mm high, 3 mm on both sides, and never narrower than a finger. */
function width(text: string): number {
  let letters = 0;
  for (const letter of text) letters += /[\u2e80-\u{3ffff}]/u.test(letter) ? 9.5 : 6.6;
  return Math.max(18, letters + 7);
}
