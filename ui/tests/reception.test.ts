// The receptionist's day: who is on which list, who may be somebody else already, and ten seconds to think again.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memory } from "../src/backend/memory";
import { Desk } from "../src/state/desk.svelte";
import { phoneHas, phoneIs } from "../src/state/phone";
import { Day, UNDO_SECONDS } from "../src/state/reception.svelte";

let desk: Desk;
let day: Day;

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 4) });
  desk = new Desk(memory(new URLSearchParams("station=reception&seed=day&slow=5")));
  desk.now = Date.now();
  day = new Day(desk);
  await day.load();
});
afterEach(() => vi.useRealTimers());

const ids = () => day.shown.map(({ id }) => id.slice("visit-".length)).join();
const leftAt = async (n: number) => {
  const answer = await desk.backend.todaysVisits();
  return answer.status === "ok" ? answer.data.find(({ id }) => id === `visit-${n}`)?.leftAt : undefined;
};

describe("the lists", () => {
  test("hold whom their names say", () => {
    expect(ids()).toBe("1,2,3,4,5,6,7");
    day.choose("inside");
    expect(ids()).toBe("1,2,3,4,5,7");
    day.choose("overdue");
    expect(ids()).toBe("7");
    day.choose("waiting");
    expect(ids()).toBe("1,2,4,5");
    day.choose("expected");
    expect(ids()).toBe("");
    expect(day.expected.map(({ standing }) => standing)).toEqual(["good", "early"]);
    expect(day.shownInvitations).toHaveLength(5);
  });

  test("whoever comes tomorrow is not expected today", () => {
    const [first] = day.invitations;
    if (!first) throw new Error("somebody is invited");
    const tomorrow = desk.now + 86_400_000;
    day.invitations = [{ ...first, standing: "early", window: { from: tomorrow, until: tomorrow + 1 } }];
    expect(day.count("expected")).toBe(0);
    day.choose("expected");
    expect(day.shownInvitations, "but stands on the list").toHaveLength(1);
  });

  test("a window that ends makes somebody overdue", () => {
    expect(day.count("overdue")).toBe(1);
    desk.now += 1.5 * 3_600_000;
    expect(day.visitsIn("overdue").map(({ id }) => id)).toEqual(["visit-4", "visit-7"]);
  });
});

describe("a search", () => {
  test.each([
    ["zoë", "2"],
    ["facilities", "2"],
    ["5678", "1"],
    ["138 1234 5678", "1"],
    ["w9yh c2pt", "7"],
    ["Çelik", "6"],
    ["nobody", ""],
  ])("for %s", (wanted, found) => {
    day.choose("overdue");
    day.search = wanted;
    expect(ids()).toBe(found);
  });

  test("looks among the expected as well", () => {
    day.search = "hopper";
    expect(day.shownInvitations.map(({ visitorName }) => visitorName)).toEqual(["Grace Hopper"]);
    expect(ids()).toBe("");
  });

  test("arrows go through what stands there, and Enter opens it", async () => {
    day.search = "王小明";
    day.step(1);
    expect(day.chosen).toBe("invitation-3");
    day.step(1);
    expect(day.chosen).toBe("visit-1");
    day.step(1);
    expect(day.chosen).toBe("visit-1");
    await day.openChosen();
    expect(day.screen?.pass.id).toBe("pass-1");
    day.step(-1);
    await vi.advanceTimersByTimeAsync(0);
    expect(day.invitation?.invitation.id).toBe("invitation-3");
  });
});

describe("somebody who may be inside already", () => {
  test("is told by the phone, or by name and host together", () => {
    expect(day.alike("Somebody", "138 1234 5678", "")?.by).toBe("phone");
    expect(day.alike(" zoë  o'neil", "", "FACILITIES")?.visit.id).toBe("visit-2");
    expect(day.alike("Zoë O'Neil", "", "Ms Chen")).toBeNull();
    expect(day.alike("", "", "")).toBeNull();
    expect(day.alike("Ünal Çelik", "05321234567", "Ms Chen"), "who has left").toBeNull();
  });

  test("and a number with its middle hidden is compared by what is seen of it", () => {
    expect(phoneIs("138****5678", "13812345678")).toBe(true);
    expect(phoneIs("138****5678", "１３８ 9999-5678")).toBe(true);
    expect(phoneIs("138****5678", "13812345679")).toBe(false);
    expect(phoneIs("138****5678", "5678")).toBe(false);
    expect(phoneIs("*****", "12345"), "nothing is seen").toBe(false);
    expect(phoneIs("", "")).toBe(false);
    expect(phoneHas("138****5678", "56 78")).toBe(true);
  });
});

describe("a sign-out", () => {
  test("is told when its time is over and not before", async () => {
    day.signOut("visit-1");
    expect(day.isLeaving("visit-1")).toBe(true);
    expect(day.visitsIn("inside").map(({ id }) => id)).not.toContain("visit-1");
    await vi.advanceTimersByTimeAsync(UNDO_SECONDS * 1000 - 1);
    expect(await leftAt(1)).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(await leftAt(1)).toBeTypeOf("number");
    expect(day.leaving).toEqual([]);
    expect(await leftAt(2)).toBeNull();
  });

  test("can be taken back, the newest first", async () => {
    day.signOut("visit-1");
    await vi.advanceTimersByTimeAsync(4000);
    day.signOut("visit-2");
    day.signOut("visit-2");
    expect(day.leaving.map(({ visit, seconds }) => [visit, seconds])).toEqual([
      ["visit-1", 6],
      ["visit-2", 10],
    ]);
    day.undo();
    expect(day.chosen).toBe("visit-2");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await leftAt(1)).toBeTypeOf("number");
    expect(await leftAt(2)).toBeNull();
    day.undo();
    expect(await leftAt(1), "too late").toBeTypeOf("number");
  });

  test("is told at once when the station is locked, and once", async () => {
    const told = vi.spyOn(desk.backend, "signOut");
    desk.beforeLeaving(() => day.leaveNow());
    day.signOut("visit-1");
    day.signOut("visit-2");
    await desk.lock();
    expect(told.mock.calls).toEqual([["visit-1"], ["visit-2"]]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toHaveBeenCalledTimes(2);
  });

  test("of somebody who has left, or whom nobody knows, is none", () => {
    day.signOut("visit-6");
    day.signOut("nobody");
    expect(day.leaving).toEqual([]);
  });

  test("that the desk refuses leaves them inside and says why", async () => {
    vi.spyOn(desk.backend, "signOut").mockResolvedValue({
      status: "error",
      error: { code: "diskFull", fields: [], retry: true },
    });
    day.signOut("visit-1");
    await vi.advanceTimersByTimeAsync(UNDO_SECONDS * 1000);
    expect(day.failure?.code).toBe("diskFull");
    expect(day.visitsIn("inside").map(({ id }) => id)).toContain("visit-1");
  });
});

describe("a scan", () => {
  test("chooses the visit, also from another list, and opens its pass", async () => {
    day.choose("overdue");
    await day.find("H3NT D9RA");
    expect([day.tab, day.chosen, day.screen?.pass.id]).toEqual(["all", "visit-2", "pass-2"]);
  });

  test("beside a form that is being written only points", async () => {
    day.newVisit();
    await day.find("H3NT D9RA");
    expect([day.panel, day.chosen, day.screen]).toEqual(["form", "visit-2", null]);
  });

  test("of what is no pass says so, and keeps the form that is being written", async () => {
    await day.find("2222 2222");
    expect([day.unknownPass, day.panel]).toEqual([true, "scan"]);
    day.newVisit();
    expect(day.unknownPass).toBe(false);
    await day.find("2222 2222");
    expect([day.unknownPass, day.panel]).toEqual([true, "form"]);
  });
});

test("what was set aside is sent again", async () => {
  expect(day.visits.find(({ id }) => id === "visit-2")?.passes[0]?.wedged).toBe(true);
  await day.sendAgain("pass-2");
  await vi.advanceTimersByTimeAsync(1000);
  await day.load();
  const pass = day.visits.find(({ id }) => id === "visit-2")?.passes[0];
  expect([pass?.wedged, pass?.doors.length]).toEqual([false, 3]);
  await day.sendAgain("pass-2");
  expect(day.failure?.code).toBe("notFound");
});
