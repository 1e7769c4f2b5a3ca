// Every sound, made of notes by the page itself: there are no files. They differ in rhythm and in pitch, so that they are
// told apart where volume and colour are of no help.

export type Sound = "letIn" | "cannotTell" | "stop" | "refused" | "holdChirp" | "holdSoon" | "help" | "tap";

/** A note: when it begins, how long it lasts (seconds), and its pitch, which may glide. */
export type Note = { at: number; lasts: number; hz: number; to?: number };
export type Score = { wave: OscillatorType; loud: number; notes: Note[] };

const even = (count: number, step: number, lasts: number, hz: number[]): Note[] =>
  Array.from({ length: count }, (_, n) => ({ at: n * step, lasts, hz: hz[n % hz.length] ?? 440 }));

export const scores: Record<Sound, Score> = {
  // Two rising notes.
  letIn: {
    wave: "triangle",
    loud: 0.8,
    notes: [
      { at: 0, lasts: 0.13, hz: 660 },
      { at: 0.14, lasts: 0.16, hz: 990 },
    ],
  },
  // Three even notes.
  cannotTell: { wave: "triangle", loud: 0.8, notes: even(3, 0.26, 0.16, [554]) },
  // One long low tone; a square one, because small speakers swallow low notes that are pure.
  stop: { wave: "square", loud: 0.35, notes: [{ at: 0, lasts: 0.6, hz: 196 }] },
  // Four short low ones: nothing happened.
  refused: { wave: "square", loud: 0.35, notes: even(4, 0.12, 0.07, [247]) },
  // A bird, now and then, while a door is kept open.
  holdChirp: { wave: "sine", loud: 0.6, notes: [{ at: 0, lasts: 0.12, hz: 1200, to: 1800 }] },
  // To and fro, as loud as it gets: a door that is kept open is about to close.
  holdSoon: { wave: "triangle", loud: 1, notes: even(6, 0.15, 0.13, [1320, 880]) },
  // A door bell: somebody at the kiosk wants help.
  help: {
    wave: "sine",
    loud: 0.9,
    notes: [
      { at: 0, lasts: 0.3, hz: 880 },
      { at: 0.32, lasts: 0.5, hz: 587 },
    ],
  },
  tap: { wave: "sine", loud: 0.3, notes: [{ at: 0, lasts: 0.02, hz: 1000 }] },
};

/** How long a sound lasts, in seconds. */
export const length = (score: Score) => Math.max(...score.notes.map((note) => note.at + note.lasts));

/** Puts a sound into a context, which may be one that is not heard. `volume` is from 0 to 1. */
export function play(context: BaseAudioContext, score: Score, volume: number, from = context.currentTime) {
  const out = context.createGain();
  // People hear loudness in steps of a ratio.
  out.gain.value = score.loud * volume * volume;
  out.connect(context.destination);
  for (const { at, lasts, hz, to } of score.notes) {
    const tone = context.createOscillator();
    const shape = context.createGain();
    const [begin, end] = [from + at, from + at + lasts];
    const rise = Math.min(0.006, lasts / 4);
    tone.type = score.wave;
    tone.frequency.setValueAtTime(hz, begin);
    if (to !== undefined) tone.frequency.linearRampToValueAtTime(to, end);
    shape.gain.setValueAtTime(0, begin);
    shape.gain.linearRampToValueAtTime(1, begin + rise);
    shape.gain.setValueAtTime(1, end - rise);
    shape.gain.linearRampToValueAtTime(0, end);
    tone.connect(shape).connect(out);
    tone.start(begin);
    tone.stop(end);
  }
}
