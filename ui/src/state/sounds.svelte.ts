// What is heard at this computer. One function for each event: a voice that speaks later has its place there.
//
// Whether it is heard, and how loud, is a matter of this computer and not of the desk: it is kept in the page's own store,
// in which nothing else is, and a kiosk that forgets its visitor does not forget it.

import { play, type Sound, scores } from "../parts/sound";

const KEPT = "vestibule.sound";

export class Sounds {
  on = $state(true);
  /** From 0 to 1. */
  volume = $state(0.7);
  /** A click with every touch at the kiosk. */
  taps = $state(false);
  /** A sound was lost because nobody has touched this page yet, which browsers want first. */
  blocked = $state(false);

  #context: AudioContext | null = null;

  constructor() {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
      if (typeof kept !== "object" || kept === null) return;
      if ("on" in kept && typeof kept.on === "boolean") this.on = kept.on;
      if ("taps" in kept && typeof kept.taps === "boolean") this.taps = kept.taps;
      if ("volume" in kept && typeof kept.volume === "number")
        this.volume = Math.min(1, Math.max(0, kept.volume));
    } catch {
      // Whatever stands there, it is only how loud it is.
    }
  }

  keep() {
    const { on, volume, taps } = this;
    try {
      localStorage.setItem(KEPT, JSON.stringify({ on, volume, taps }));
    } catch {
      // It counts until the next start.
    }
  }

  /** Somebody touched the page or pressed a key: from now on it may be heard. */
  wake() {
    const context = this.#open();
    if (context && context.state !== "running")
      context.resume().then(
        () => (this.blocked = false),
        () => {},
      );
    else this.blocked = false;
  }

  letIn = () => this.#sound("letIn");
  cannotTell = () => this.#sound("cannotTell");
  stop = () => this.#sound("stop");
  refused = () => this.#sound("refused");
  holdChirp = () => this.#sound("holdChirp");
  holdSoon = () => this.#sound("holdSoon", 1);
  help = () => this.#sound("help");
  tap = () => this.taps && this.#sound("tap");

  /** To hear what it is like. */
  try = (sound: Sound) => this.#sound(sound);

  #sound(sound: Sound, volume = this.volume) {
    if (!this.on || volume === 0) return;
    const context = this.#open();
    if (context?.state !== "running") {
      this.blocked = context !== null;
      return;
    }
    play(context, scores[sound], volume);
  }

  #open(): AudioContext | null {
    try {
      this.#context ??= new AudioContext();
    } catch {
      // A computer without any sound.
    }
    return this.#context;
  }
}
