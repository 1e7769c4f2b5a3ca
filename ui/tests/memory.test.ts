// The fake desk keeps the contract's promises, so that what is built on it holds on the real one.

import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer, Backend } from "../src/backend/backend";
import { memory } from "../src/backend/memory";
import type { DeskEvent, RegisterForm } from "../src/bindings.gen";

const form = (over: Partial<RegisterForm> = {}): RegisterForm => ({
  form: crypto.randomUUID(),
  name: "王小明",
  phone: "138 1234 5678",
  host: "Ms Chen",
  doors: null,
  until: null,
  times: null,
  knownHost: null,
  ticket: null,
  agreement: null,
  ...over,
});

function data<T>(answer: Answer<T>): T {
  if (answer.status === "error") throw new Error(answer.error.code);
  return answer.data;
}

describe("the fake desk", () => {
  let desk: Backend;
  let heard: DeskEvent[];

  beforeEach(async () => {
    vi.useRealTimers();
    desk = memory(new URLSearchParams("slow=1"));
    heard = [];
    await desk.listen((event) => heard.push(event));
  });

  const settled = (pass: string) =>
    vi.waitFor(async () => {
      const screen = data(await desk.passScreen(pass));
      expect(screen.pass.doors.every((door) => door.readiness === "ready")).toBe(true);
      return screen;
    });

  test("a pass turns ready door by door, and says so", async () => {
    const first = data(await desk.registerVisitor(form()));
    expect(first.picture).toBeNull();
    const screen = await settled(first.pass.id);
    expect(screen.picture).toMatch(/^<svg /);
    expect(heard.filter((event) => event.kind === "pass").length).toBeGreaterThanOrEqual(4);
  });

  test("the same form sent twice is one visit", async () => {
    const same = form();
    const [a, b] = await Promise.all([desk.registerVisitor(same), desk.registerVisitor(same)]);
    const c = await desk.registerVisitor(same);
    expect(data(c).pass.id).toBe(data(a).pass.id);
    expect(data(b).pass.id).toBe(data(a).pass.id);
    expect(data(await desk.todaysVisits())).toHaveLength(1);
  });

  test.each([
    [{ name: "" }, "name", "missing"],
    [{ name: "字".repeat(41) }, "name", "tooLong"],
    [{ name: "a\u0007b" }, "name", "unprintable"],
    [{ phone: "ring me" }, "phone", "notAPhone"],
    [{ host: "x".repeat(10_000) }, "host", "tooLong"],
  ])("a bad form names its field: %#", async (over, field, fault) => {
    const answer = await desk.registerVisitor(form(over));
    expect(answer).toMatchObject({ status: "error", error: { code: "badForm", fields: [{ field, fault }] } });
    expect(data(await desk.todaysVisits())).toHaveLength(0);
  });

  test("what was registered without a network is delivered when it is back", async () => {
    await desk.setNetworkDown(true);
    const { pass } = data(await desk.registerVisitor(form()));
    expect(data(await desk.status())).toMatchObject({ connection: { state: "offline" }, waiting: 3 });
    expect(data(await desk.passScreen(pass.id)).picture).toBeNull();
    await desk.setNetworkDown(false);
    await settled(pass.id);
    await vi.waitFor(async () => expect(data(await desk.status()).waiting).toBe(0));
  });

  test("a door press is refused without a network and opens nothing", async () => {
    const armed = data(await desk.armDoor("door-1"));
    await desk.setNetworkDown(true);
    expect(await desk.armDoor("door-2")).toMatchObject({ status: "error", error: { code: "noConnection" } });
    expect(data(await desk.pressDoor(armed.token, "visitor"))).toMatchObject({
      state: "refused",
      why: "noConnection",
    });
    await desk.setNetworkDown(false);
    expect(data(await desk.demo()).doors.map((door) => door.opened)).toEqual([0, 0, 0]);
  });

  test("one arming is one press", async () => {
    const armed = data(await desk.armDoor("door-1"));
    expect(data(await desk.pressDoor(armed.token, "staff")).state).toBe("accepted");
    expect(await desk.pressDoor(armed.token, "staff")).toMatchObject({
      status: "error",
      error: { code: "notArmed" },
    });
    expect(data(await desk.demo()).doors[0]?.opened).toBe(1);
  });

  test("revoked stays revoked, and only that pass", async () => {
    const one = data(await desk.registerVisitor(form()));
    const other = data(await desk.registerVisitor(form({ name: "Zoë" })));
    await settled(one.pass.id);
    await settled(other.pass.id);
    await desk.revokePass(one.pass.id);
    expect(data(await desk.verifyCode(one.pass.shortCode)).reason).toBe("revoked");
    expect(data(await desk.passScreen(one.pass.id)).picture).toBeNull();
    expect(data(await desk.verifyCode(other.pass.shortCode.toLowerCase())).decision).toBe("letIn");
  });
});
