// What came back last for a call that waits, in words.

import { expect, test } from "vitest";
import type { QueueRow } from "../src/bindings.gen";
import { failureWords } from "../src/failure-words";
import type { Desk } from "../src/state/desk.svelte";
import { ServicePanelState } from "../src/state/service-panel.svelte";

const { en } = failureWords;
const panel = new ServicePanelState({ failures: en } as Desk);
const said = (lastAnswer: string | null) => panel.said({ lastAnswer } as QueueRow);

test("a code of ours is said in words, and a number of the service stands behind", () => {
  expect(said("noAnswer: no answer came in time")).toBe(en.noAnswer);
  expect(said("refusedByService 2063")).toBe(`${en.refusedByService} (2063)`);
  expect(said("2065")).toBe(`${en.refusedByService} (2065)`);
  expect(said("noAnswerForDoor")).toBe(en.noAnswer);
});

test("what is none is shown as it came", () => {
  expect(said("something else")).toBe("something else");
  expect(said("…")).toBe("…");
  expect(said(null)).toBe("");
});
