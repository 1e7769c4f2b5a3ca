// Every sound as it is heard: rendered by the browser's own audio, and measured.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformWithOxc } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { length, type Sound, scores } from "../src/parts/sound";
import { at, Stage, toName } from "./page";

const file = join(import.meta.dirname, "../src/parts/sound.ts");
/** What was heard: how long, how loud, and each note with its beginning (ms), length (ms) and pitch (Hz). */
type Heard = { ms: number; peak: number; notes: { at: number; ms: number; hz: number }[] };
let stage: Stage;
let heard: Record<Sound, Heard>;
let quiet: Record<Sound, Heard>;

beforeAll(async () => {
  stage = await Stage.open();
  const { code } = await transformWithOxc(readFileSync(file, "utf8"), file);
  const page = await stage.browser.newPage();
  const all = (volume: number) => page.evaluate(listen, { code, volume });
  heard = await all(1);
  quiet = await all(0.5);
  await page.close();
});
afterAll(() => stage.close());

/** In the page. */
async function listen({ code, volume }: { code: string; volume: number }): Promise<Record<Sound, Heard>> {
  // Written out here it would be another import: the one of the test's own runner.
  const load = new Function("address", "return import(address)");
  const module = await load(`data:text/javascript,${encodeURIComponent(code)}`);
  const RATE = 44_100;
  const found: Record<string, Heard> = {};
  for (const [name, score] of Object.entries(module.scores)) {
    const context = new OfflineAudioContext(1, RATE * 2, RATE);
    module.play(context, score, volume);
    const samples = (await context.startRendering()).getChannelData(0);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    // A note is where it is loud; between two of them it is silent for at least 4 ms.
    const notes: { from: number; to: number }[] = [];
    for (let n = 0; n < samples.length; n++) {
      if (Math.abs(samples[n] ?? 0) < peak * 0.02) continue;
      const last = notes.at(-1);
      if (last && n - last.to < RATE * 0.004) last.to = n;
      else notes.push({ from: n, to: n });
    }
    found[name] = {
      ms: (((notes.at(-1)?.to ?? 0) - (notes[0]?.from ?? 0)) / RATE) * 1000,
      peak,
      notes: notes.map(({ from, to }) => {
        let crossings = 0;
        for (let n = from + 1; n < to; n++)
          if ((samples[n - 1] ?? 0) < 0 && (samples[n] ?? 0) >= 0) crossings++;
        return {
          at: (from / RATE) * 1000,
          ms: ((to - from) / RATE) * 1000,
          hz: crossings / ((to - from) / RATE),
        };
      }),
    };
  }
  return found as Record<Sound, Heard>;
}

const names = Object.keys(scores) as Sound[];

describe("sounds", () => {
  test.each(names)("%s is heard, is not cut, and lasts as long as it says", (name) => {
    const { ms, peak } = heard[name];
    expect(ms / 1000).toBeCloseTo(length(scores[name]), 1);
    expect(peak).toBeGreaterThan(0.2);
    expect(peak).toBeLessThanOrEqual(1);
    // Half way on the scale is a quarter of the swing.
    expect(quiet[name].peak / peak).toBeCloseTo(0.25, 2);
  });

  test("let in: two rising notes, 0.3 s", () => {
    const { ms, notes } = heard.letIn;
    expect(ms).toBeGreaterThan(280);
    expect(ms).toBeLessThan(320);
    expect(notes).toHaveLength(2);
    expect((notes[1]?.hz ?? 0) / (notes[0]?.hz ?? 1)).toBeGreaterThan(1.4);
  });

  test("cannot tell: three even notes", () => {
    const { notes } = heard.cannotTell;
    expect(notes).toHaveLength(3);
    const steps = notes.slice(1).map((note, n) => note.at - (notes[n]?.at ?? 0));
    expect(Math.abs((steps[0] ?? 0) - (steps[1] ?? 1000))).toBeLessThan(5);
    for (const note of notes) expect(Math.abs(note.hz - (notes[0]?.hz ?? 0))).toBeLessThan(20);
  });

  test("stop: one long low tone, 0.6 s", () => {
    const { ms, notes } = heard.stop;
    expect(notes).toHaveLength(1);
    expect(ms).toBeGreaterThan(580);
    expect(ms).toBeLessThan(620);
    expect(notes[0]?.hz ?? 1000).toBeLessThan(220);
  });

  test("any two of them differ in rhythm, and in pitch", () => {
    const pitch = ({ notes }: Heard) => notes.reduce((sum, { hz }) => sum + hz, 0) / notes.length;
    for (const [n, one] of names.entries())
      for (const two of names.slice(n + 1)) {
        const [a, b] = [heard[one], heard[two]];
        const rhythm = a.notes.length !== b.notes.length || Math.max(a.ms, b.ms) / Math.min(a.ms, b.ms) > 1.5;
        expect(rhythm, `${one} and ${two} in rhythm`).toBe(true);
        const apart = Math.max(pitch(a), pitch(b)) / Math.min(pitch(a), pitch(b));
        expect(apart, `${one} and ${two} in pitch`).toBeGreaterThan(1.08);
      }
  });
});

type Played = { count: number; hz: number[] };
/** Counts what the page plays, without changing it. */
const count = () => {
  const played: Played = { count: 0, hz: [] };
  Object.assign(window, { played });
  const make = BaseAudioContext.prototype.createOscillator;
  BaseAudioContext.prototype.createOscillator = function () {
    played.count += 1;
    const tone = make.call(this);
    queueMicrotask(() => played.hz.push(Math.round(tone.frequency.value)));
    return tone;
  };
};

describe("the stations", () => {
  test("the guard hears each verdict, a refused press, and nothing when it is off", async () => {
    const { page, said, context } = await stage.show("station=guard&lang=en&seed=day&press=refused", {
      width: 1280,
      height: 800,
    });
    await page.evaluate(count);
    const played = () => page.evaluate(() => (window as unknown as { played: Played }).played.count);
    const judge = async (text: string) => {
      const before = await played();
      await page.fill(at("code-input"), text);
      await page.press(at("code-input"), "Enter");
      await page.locator(`${at("verdict")}[data-reason=${text}]`).waitFor();
      return (await played()) - before;
    };
    // A page that nobody has touched may be silent; this one was.
    await page.click(at("code-input"));
    await page.waitForTimeout(300);
    expect([await judge("valid"), await judge("stale"), await judge("expired")]).toEqual([2, 3, 1]);
    await page.click(`${at("door-tile")} >> nth=0`);
    await page.click(at("reason-staff"));
    const before = await played();
    await page.click(at("release"));
    await page.locator(`${at("press-result")}[data-state=refused]`).waitFor();
    expect((await played()) - before).toBe(4);
    await page.click(at("sound-switch"));
    expect(await judge("valid")).toBe(0);
    // For this computer, also after a new start.
    await page.reload();
    await page.locator(`${at("sound-switch")}[aria-pressed=false]`).waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  test("a door that is kept open chirps every five minutes, and is loud a minute before its end", async () => {
    const size = { width: 1280, height: 800 };
    const { page, context } = await stage.show("station=guard&lang=en&held=900", size, true);
    await page.evaluate(count);
    await page.click(at("code-input"));
    const heardIn = async (ms: number) => {
      const before = await page.evaluate(() => (window as unknown as { played: Played }).played.count);
      await page.clock.runFor(ms);
      return (await page.evaluate(() => (window as unknown as { played: Played }).played.count)) - before;
    };
    expect(await heardIn(290_000)).toBe(0);
    expect(await heardIn(20_000)).toBe(1);
    expect(await heardIn(270_000)).toBe(0);
    expect(await heardIn(30_000)).toBe(1);
    expect(await heardIn(220_000)).toBe(0);
    expect(await heardIn(20_000)).toBe(6);
    expect(await heardIn(40_000)).toBe(0);
    await context.close();
  });

  test("the kiosk says that the pass is there, asks who is still there, and does not click", async () => {
    const size = { width: 1366, height: 768 };
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=5", size, true);
    await page.evaluate(count);
    const played = () => page.evaluate(() => (window as unknown as { played: Played }).played.count);
    await toName(page);
    await page.waitForTimeout(300);
    await page.clock.runFor(61_000);
    await page.locator(at("still-here")).waitFor();
    expect(await played()).toBe(3);
    await page.click(at("carry-on"));
    await page.fill(at("field-name"), "王小明");
    for (let n = 0; n < 2; n++) await page.click(at("next"));
    expect(await played()).toBe(3);
    await page.click(at("get-pass"));
    await page.clock.runFor(1000);
    await page.locator(at("pass-picture")).waitFor();
    expect(await played()).toBe(5);
    // What a visitor leaves has nothing to do with how loud this computer is.
    expect(await page.evaluate(() => Object.keys({ ...localStorage }))).toEqual([]);
    await context.close();
  });
});
