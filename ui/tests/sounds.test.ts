// Sounds: kept for this computer, silent when they are off, and never a fault.

import { beforeEach, expect, test, vi } from "vitest";
import { Sounds } from "../src/state/sounds.svelte";

let state: AudioContextState;
let notes: number;

class Heard {
  currentTime = 0;
  destination = {};
  get state() {
    return state;
  }
  resume = async () => {
    state = "running";
  };
  createGain = () => ({ gain: param(), connect: (next: unknown) => next });
  createOscillator = () => {
    notes += 1;
    return { frequency: param(), connect: (next: unknown) => next, start() {}, stop() {}, type: "sine" };
  };
}
const param = () => ({ value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} });

beforeEach(() => {
  localStorage.clear();
  state = "running";
  notes = 0;
  vi.stubGlobal("AudioContext", Heard);
});

test("what was chosen is there after a new start, and nothing else is kept", () => {
  const before = new Sounds();
  expect([before.on, before.taps]).toEqual([true, false]);
  before.on = false;
  before.volume = 0.3;
  before.keep();
  const after = new Sounds();
  expect([after.on, after.volume]).toEqual([false, 0.3]);
  expect(Object.keys({ ...localStorage })).toEqual(["vestibule.sound"]);
});

test.each(["", "{", "null", '{"on":"yes","volume":"loud"}', '{"volume":99}', "[]"])(
  "whatever stands in the store: %s",
  (text) => {
    localStorage.setItem("vestibule.sound", text);
    const sounds = new Sounds();
    expect(sounds.on).toBe(true);
    expect(sounds.volume).toBeGreaterThan(0);
    expect(sounds.volume).toBeLessThanOrEqual(1);
  },
);

test("off is silent, also where it would be loud; and a tap clicks only where that is wanted", () => {
  const sounds = new Sounds();
  sounds.tap();
  expect(notes).toBe(0);
  sounds.letIn();
  expect(notes).toBe(2);
  sounds.on = false;
  sounds.letIn();
  sounds.holdSoon();
  expect(notes).toBe(2);
  sounds.on = true;
  sounds.taps = true;
  sounds.tap();
  expect(notes).toBe(3);
});

test("before the first touch nothing can be heard, and the page knows; the touch mends it", async () => {
  state = "suspended";
  const sounds = new Sounds();
  sounds.stop();
  expect([notes, sounds.blocked]).toEqual([0, true]);
  sounds.wake();
  await vi.waitFor(() => expect(sounds.blocked).toBe(false));
  sounds.stop();
  expect(notes).toBe(1);
});

test("a computer without any sound is no fault", () => {
  vi.stubGlobal(
    "AudioContext",
    class {
      constructor() {
        throw new Error("no device");
      }
    },
  );
  const sounds = new Sounds();
  sounds.wake();
  sounds.letIn();
  expect(sounds.blocked).toBe(false);
});
