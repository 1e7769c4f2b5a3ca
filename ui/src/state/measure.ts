// How long a visitor waits for the pass: from the press on "get my pass" until the picture is decoded on the
// screen. Numbers only; the tour prints them.

declare global {
  interface Window {
    __vestibule: { passMs: number[] };
  }
}

let pressedAt: number | null = null;

export function prepareMeasure() {
  window.__vestibule = { passMs: [] };
}

export function passAsked() {
  pressedAt = performance.now();
}

/** The visitor left, or the network was away: no honest number comes of it. */
export function measureGivenUp() {
  pressedAt = null;
}

export async function passShown(picture: HTMLImageElement) {
  if (pressedAt === null) return;
  const from = pressedAt;
  pressedAt = null;
  try {
    await picture.decode();
  } catch {
    return;
  }
  window.__vestibule.passMs.push(Math.round((performance.now() - from) * 10) / 10);
  if (window.__vestibule.passMs.length > 1000) window.__vestibule.passMs.shift();
}
