// A signature: strokes of x and y in turn, in tenths of a millimetre.

/** As an SVG path. */
export function asPath(strokes: readonly (readonly number[])[]): string {
  return strokes
    .map((stroke) => {
      let path = "";
      for (let n = 0; n + 1 < stroke.length; n += 2)
        path += `${n === 0 ? "M" : "L"}${stroke[n]} ${stroke[n + 1]}`;
      return path;
    })
    .join("");
}

/** How far it reaches, with a little room around it. */
export function reach(strokes: readonly (readonly number[])[]): { width: number; height: number } {
  let [width, height] = [0, 0];
  for (const stroke of strokes) {
    for (const [n, value] of stroke.entries()) {
      if (n % 2 === 0) width = Math.max(width, value);
      else height = Math.max(height, value);
    }
  }
  return { width: width + 20, height: height + 20 };
}
