import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Idle } from "../src/state/idle.svelte";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance", "Date"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

test("quiet, then a warning of its own length, then the end, once", () => {
  const ended = vi.fn();
  const idle = new Idle(ended);
  idle.begin(60, 20);
  vi.advanceTimersByTime(59_000);
  expect(idle.warning).toBe(false);
  vi.advanceTimersByTime(2000);
  expect(idle.warning).toBe(true);
  expect(idle.left).toBe(19);
  expect(ended).not.toHaveBeenCalled();
  vi.advanceTimersByTime(19_500);
  expect(ended).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(100_000);
  expect(ended).toHaveBeenCalledOnce();
});

test("a touch starts over, ten times and more", () => {
  const ended = vi.fn();
  const idle = new Idle(ended);
  idle.begin(60, 20);
  for (let n = 0; n < 12; n++) {
    vi.advanceTimersByTime(75_000);
    expect(idle.warning).toBe(true);
    idle.touch();
    expect(idle.warning).toBe(false);
  }
  expect(ended).not.toHaveBeenCalled();
  idle.stop();
});

test("keeping a pass on the screen adds to what is left", () => {
  const ended = vi.fn();
  const idle = new Idle(ended);
  idle.begin(45, 0);
  vi.advanceTimersByTime(40_000);
  idle.extend(45);
  vi.advanceTimersByTime(49_000);
  expect(ended).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1500);
  expect(ended).toHaveBeenCalledOnce();
});
