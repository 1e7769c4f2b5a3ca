// The guard at the post, in Chromium, on the memory desk: with a keyboard alone, by touch alone, with a scanner alone.

import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast } from "./look";
import { at, type Size, Stage } from "./page";

const DESK: Size = { width: 1280, height: 800 };
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** As a person types: slowly. */
async function types(page: Page, text: string) {
  await page.keyboard.type(text, { delay: 60 });
  await page.waitForTimeout(60);
  await page.keyboard.press("Enter");
}

/** Time stands still, so that a slow machine does not make a slow scanner. */
async function still(page: Page) {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 500);
}

/** As a scanner types: real keys, all at one moment. */
async function scans(page: Page, text: string, end = "Enter") {
  for (const letter of text) await page.keyboard.press(letter);
  await page.keyboard.press(end);
}

const result = (state: string) => `${at("press-result")}[data-state=${state}]`;
const opened = async (page: Page) => {
  await page.keyboard.press("Control+Shift+S");
  await page.locator(at("demo-door")).first().waitFor();
  const counts = await page.$$eval(at("demo-door"), (doors) =>
    doors.map((door) => door.getAttribute("data-opened")),
  );
  await page.keyboard.press("Escape");
  return counts;
};

describe("a guard", () => {
  test.each([
    DESK,
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
    { width: 1080, height: 1920 },
  ])("cannot miss the verdict on $width × $height", async (size) => {
    const { page, context } = await stage.show(
      "station=guard&lang=en&seed=day&net=down&queue=wedged&doors=8&held=900",
      size,
    );
    await types(page, "expired");
    const box = await page.locator(at("verdict")).boundingBox();
    expect(((box?.width ?? 0) * (box?.height ?? 0)) / (size.width * size.height)).toBeGreaterThanOrEqual(0.7);
    await context.close();
  });

  test.each(["light", "dark"] as const)("reads it across the room: 7 to 1, %s", async (colorScheme) => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK);
    await page.emulateMedia({ colorScheme });
    for (const [typed, decision] of [
      ["valid", "letIn"],
      ["expired", "stop"],
      ["stale", "cannotTell"],
    ] as const) {
      await types(page, typed);
      await page.locator(`${at("verdict")}[data-decision=${decision}]`).waitFor();
      for (const part of [".word", ".reason", ".detail", ".dismiss"])
        expect(await contrast(page, `.verdict ${part}`), `${decision} ${part}`).toBeGreaterThanOrEqual(7);
      await page.keyboard.press("Escape");
    }
    await context.close();
  });

  test("an answer goes by itself, a doubt does not", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    const check = async (text: string) => {
      await page.fill(at("code-input"), text);
      await page.keyboard.press("Enter");
      await page.locator(at("verdict")).waitFor();
    };
    await check("valid");
    await page.clock.runFor(4100);
    expect(await page.locator(at("verdict")).count()).toBe(0);
    await check("revoked");
    await page.clock.runFor(4100);
    expect(await page.locator(at("verdict")).count()).toBe(1);
    await page.clock.runFor(4100);
    expect(await page.locator(at("verdict")).count()).toBe(0);
    await check("stale");
    await page.clock.runFor(600_000);
    expect(await page.getAttribute(at("verdict"), "data-decision")).toBe("cannotTell");
    await page.keyboard.press("Escape");
    expect(await page.locator(at("verdict")).count()).toBe(0);
    await context.close();
  });

  test("sees the camera's picture, one at a time, and none when not scanning", async () => {
    const { page, context } = await stage.show("station=guard&lang=en", DESK);
    await page.click(at("scan-toggle"));
    await page.locator(`${at("camera-view")}[data-state=running] img.seen`).waitFor();
    const first = await page.getAttribute(`${at("camera-view")} img`, "src");
    await page.waitForFunction(
      (src) => document.querySelector("[data-test=camera-view] img")?.getAttribute("src") !== src,
      first,
    );
    await page.click(at("scan-toggle"));
    await page.locator(`${at("camera-view")}[data-state=off]`).waitFor();
    expect(await page.locator(`${at("camera-view")} img`).count()).toBe(0);
    await context.close();
  });
});

describe("a scanner alone", () => {
  test("is heard whatever has the focus, presses no button and chooses no door", async () => {
    const { page, said, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    await still(page);
    for (const focused of [
      at("scan-toggle"),
      at("door-tile"),
      at("lang-zh-CN"),
      at("verify"),
      at("code-input"),
    ]) {
      await page.focus(focused);
      await scans(page, "K7MPQ4XW");
      await page.locator(`${at("verdict")}[data-decision=letIn]`).waitFor();
      // Digits first, as they would be on the door keys.
      await page.focus(focused);
      await scans(page, "23456789");
      await page.locator(`${at("verdict")}[data-reason=noSuchShortCode]`).waitFor();
      expect(await page.getAttribute(at("camera-view"), "data-state")).toBe("off");
      expect(await page.getAttribute("html", "lang")).toBe("en");
      expect(await page.locator(at("armed")).count()).toBe(0);
      expect(await page.inputValue(at("code-input"))).toBe("");
      await page.clock.runFor(1000);
    }
    // Each was heard once, and nothing but the scanner was needed to go on, a doubt on the screen or not.
    await page.keyboard.press("Escape");
    const rows = await page.$$eval(at("scan-row"), (all) =>
      all.map((row) => row.getAttribute("data-decision")),
    );
    expect(rows).toEqual(Array(5).fill(["cannotTell", "letIn"]).flat());
    expect(await opened(page)).toEqual(["0", "0", "0"]);
    expect(said).toEqual([]);
    await context.close();
  });

  test("neither opens an armed door nor chooses its reason, and leaves a note as it is", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    await page.click(`${at("door-tile")} >> nth=0`);
    await page.locator(at("armed")).waitFor();
    await still(page);
    await scans(page, "2345K7MPQ4XW");
    await page.locator(`${at("verdict")}[data-decision=cannotTell]`).waitFor();
    await page.clock.runFor(500);
    expect(await page.locator(`${at("armed")} [aria-pressed=true]`).count()).toBe(0);
    // The same where only the reason is missing.
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await page.clock.runFor(100);
    await page.keyboard.press("Enter");
    await page.clock.runFor(400);
    await page.keyboard.press("Enter");
    await page.locator(at("armed")).waitFor();
    await page.clock.runFor(400);
    await scans(page, "1111K7MPQ4XW", "Tab");
    await page.clock.runFor(500);
    expect(await page.locator(at("press-result")).count()).toBe(0);
    await page.keyboard.press("4");
    await page.clock.runFor(400);
    await page.clock.runFor(400);
    await page.locator(at("note")).waitFor();
    await page.keyboard.press("P");
    await page.clock.runFor(100);
    await scans(page, "K7MPQ4XW");
    await page.locator(`${at("verdict")}[data-decision=letIn]`).waitFor();
    expect(await page.inputValue(at("note"))).toBe("P");
    expect(await opened(page)).toEqual(["0", "1", "0"]);
    await context.close();
  });

  test("that is cut off says so, and the next scan is whole", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    await still(page);
    for (const letter of "K7MP") await page.keyboard.press(letter);
    await page.clock.runFor(500);
    expect(await page.textContent(at("failure"))).toContain("half a code");
    expect(await page.inputValue(at("code-input"))).toBe("");
    await scans(page, "K7MPQ4XW");
    await page.locator(`${at("verdict")}[data-decision=letIn]`).waitFor();
    expect(await page.locator(at("failure")).count()).toBe(0);
    await context.close();
  });

  test.each(["code-input", "scan-toggle"])(
    "behind a Chinese input method, the focus on %s",
    async (focused) => {
      const { page, said, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
      const keys = await context.newCDPSession(page);
      await page.focus(at(focused));
      await still(page);
      await scansThroughPinyin(page, keys, "K7MPQ4XW");
      await page.locator(`${at("verdict")}[data-decision=letIn]`).waitFor();
      expect(await page.inputValue(at("code-input"))).toBe("");
      await page.clock.runFor(1000);
      await scansThroughPinyin(page, keys, "R4SZ7TUV");
      await page.locator(`${at("verdict")}[data-decision=stop]`).waitFor();
      expect(await page.inputValue(at("code-input"))).toBe("");
      expect(await page.locator(at("armed")).count()).toBe(0);
      expect(said).toEqual([]);
      await context.close();
    },
  );
});

/** What the browser is given while a pinyin input method is on: keys without letters, and a text under composition. */
async function scansThroughPinyin(page: Page, keys: CDPSession, text: string) {
  const press = async (code: string, shift: boolean) => {
    const key = { key: "Process", code, windowsVirtualKeyCode: 229, modifiers: shift ? 8 : 0 };
    await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
    return () => keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  };
  let composed = "";
  for (const letter of text) {
    const up = await press(/\d/.test(letter) ? `Digit${letter}` : `Key${letter}`, /[A-Z]/.test(letter));
    const writes = await page.evaluate(() => document.activeElement instanceof HTMLInputElement);
    if (writes) {
      composed += letter.toLowerCase();
      await keys.send("Input.imeSetComposition", {
        text: composed,
        selectionStart: composed.length,
        selectionEnd: composed.length,
      });
    }
    await up();
  }
  await (await press("Enter", false))();
}

describe("a keyboard alone", () => {
  test("opens a door by its number, a held Space and a reason, once", async () => {
    const { page, said, context } = await stage.show("station=guard&lang=en", DESK);
    await page.keyboard.press("2");
    await page.locator(`${at("door-tile")}.chosen[data-door=door-2]`).waitFor();
    // Too short.
    await page.keyboard.down("Space");
    await page.waitForTimeout(300);
    await page.keyboard.up("Space");
    expect(await page.locator(at("armed")).count()).toBe(0);
    await page.keyboard.down("Space");
    await page.locator(at("hold-ring")).waitFor();
    await page.locator(`${at("armed")}[data-door=door-2]`).waitFor();
    await page.keyboard.up("Space");
    expect(await page.locator(at("press-result")).count()).toBe(0);
    await page.keyboard.press("2");
    await page.locator(result("accepted")).waitFor();
    expect(await page.getAttribute(at("door-log-row"), "data-state")).toBe("accepted");
    expect(await page.textContent(at("door-log-row"))).toContain("Delivery");
    // For three seconds it takes no other.
    expect(await page.textContent(at("lock-out"))).toMatch(/Wait [123] s/);
    await page.keyboard.press("2");
    await page.waitForTimeout(80);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(80);
    await page.keyboard.press("Enter");
    await page.locator(`${result("refused")}[data-why=lockedOut]`).waitFor();
    expect(await opened(page)).toEqual(["0", "1", "0"]);
    expect(said).toEqual([]);
    await context.close();
  });

  test("or by Enter twice within three seconds; and no single key does anything", async () => {
    const { page, context } = await stage.show("station=guard&lang=en", DESK, true);
    await still(page);
    const key = async (name: string, then = 200) => {
      await page.keyboard.press(name);
      await page.clock.runFor(then);
    };
    for (const single of ["1", "Enter", "Space", "4", "Escape"]) await key(single);
    expect(await page.locator(at("armed")).count()).toBe(0);
    await key("3");
    await key("Enter", 3100);
    await key("Enter");
    expect(await page.locator(at("armed")).count()).toBe(0);
    await key("Enter");
    await page.locator(`${at("armed")}[data-door=door-3]`).waitFor();
    await key("4");
    await page.clock.runFor(400);
    await page.locator(result("accepted")).waitFor();
    for (const letter of "Plumber") await key(letter, 100);
    await key("Enter");
    await page.locator(at("note")).waitFor({ state: "detached" });
    expect(await page.textContent(at("door-log-row"))).toContain("Plumber");
    // A number that is left alone is forgotten.
    await key("1", 10_100);
    expect(await page.inputValue(at("code-input"))).toBe("");
    expect(await opened(page)).toEqual(["0", "0", "1"]);
    await context.close();
  });

  test("steps back with Escape wherever it is", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK);
    await page.keyboard.press("1");
    await page.waitForTimeout(60);
    await page.keyboard.press("Escape");
    expect(await page.inputValue(at("code-input"))).toBe("");
    await page.keyboard.press("1");
    await page.waitForTimeout(60);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(60);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    expect(await page.locator(at("armed")).count()).toBe(0);
    await page.keyboard.press("1");
    await page.keyboard.down("Space");
    await page.waitForTimeout(200);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(700);
    await page.keyboard.up("Space");
    expect(await page.locator(at("armed")).count()).toBe(0);
    await page.keyboard.press("Alt+1");
    await page.keyboard.down("Space");
    await page.locator(at("armed")).waitFor();
    await page.keyboard.up("Space");
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await page.waitForTimeout(200);
    expect(await page.locator(at("armed")).count()).toBe(0);
    expect(await opened(page)).toEqual(["0", "0", "0"]);
    await context.close();
  });

  test("keeps a door open, and looks at an earlier verdict again", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK);
    await types(page, "revoked");
    await page.locator(at("verdict")).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await page.keyboard.down("Space");
    await page.locator(at("armed")).waitFor();
    await page.keyboard.up("Space");
    for (
      let n = 0;
      n < 12 && !(await page.evaluate(() => document.activeElement?.matches("[data-test=hold-15]")));
      n++
    )
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(`${at("hold")}[data-door=door-1]`).waitFor();
    expect(await page.textContent(at("hold"))).toMatch(/1[45]:\d\d/);
    await page.locator(`${at("door-tile")}[data-door=door-1][data-kept=true]`).waitFor();
    await page.focus(at("scan-row"));
    await page.keyboard.press("Enter");
    expect(await page.getAttribute(at("verdict"), "data-past")).toBe("true");
    await page.waitForTimeout(8500);
    expect(await page.getAttribute(at("verdict"), "data-reason")).toBe("revoked");
    await page.keyboard.press("Escape");
    expect(await page.locator(at("verdict")).count()).toBe(0);
    await context.close();
  });
});

describe("touch alone", () => {
  test("scans, opens, keeps open and closes, and looks at what was", async () => {
    const { page, said, context } = await stage.show("station=guard&lang=en&seed=day", DESK, false, true);
    await page.tap(at("scan-toggle"));
    await page.locator(`${at("camera-view")}[data-state=running]`).waitFor();
    await page.tap(at("scan-toggle"));
    await page.tap(`${at("door-tile")} >> nth=1`);
    await page.tap(at("release"), { force: true });
    expect(await page.locator(at("press-result")).count()).toBe(0);
    await page.tap(at("reason-other"));
    expect(await page.locator(at("press-result")).count()).toBe(0);
    await page.tap(at("release"));
    await page.locator(result("accepted")).waitFor();
    await page.tap(at("keep-note"));
    await page.locator(at("note")).waitFor({ state: "detached" });
    await page.tap(`${at("door-tile")} >> nth=0`);
    await page.tap(at("hold-5"));
    await page.locator(at("hold")).waitFor();
    await page.tap(at("close-hold"));
    await page.locator(at("hold")).waitFor({ state: "detached" });
    await page.fill(at("code-input"), "expired");
    await page.tap(at("verify"));
    await page.locator(at("verdict")).waitFor();
    await page.tap(at("dismiss"));
    await page.tap(at("scan-row"));
    await page.locator(`${at("verdict")}[data-past=true]`).waitFor();
    await page.tap(at("dismiss"));
    expect(await page.locator(at("verdict")).count()).toBe(0);
    expect(await opened(page)).toEqual(["0", "1", "0"]);
    expect(said).toEqual([]);
    await context.close();
  });
});

describe("what the post knows", () => {
  test("the second time says when the first was, and how long ago", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    for (const after of [60_000, 20 * 60_000]) {
      await page.fill(at("code-input"), "K7MPQ4XW");
      await page.keyboard.press("Enter");
      await page.locator(at("verdict")).waitFor();
      if (after > 60_000) break;
      expect(await page.getAttribute(at("verdict"), "data-reason")).toBe("valid");
      await page.clock.fastForward(20 * 60_000);
      await page.locator(at("verdict")).waitFor({ state: "detached" });
    }
    expect(await page.getAttribute(at("verdict"), "data-reason")).toBe("again");
    expect(await page.textContent(at("verdict"))).toMatch(/already let in at \d\d:\d\d \((19|20) min ago\)/);
    await context.close();
  });

  test("a door's state has an age, and is asked for again every half minute", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK, true);
    const said = () => page.textContent(`${at("door-reading")} >> nth=0`);
    await page.locator(`${at("door-tile")}[data-kept=false] >> nth=0`).waitFor();
    await page.clock.runFor(20_500);
    expect(await said()).toMatch(/Not kept open · read (19|20|21) s ago/);
    await page.clock.runFor(11_000);
    expect(await said()).toMatch(/Not kept open · read (just now|\d s ago)/);
    await context.close();
  });

  test("keeps the last ten, and forgets them with the station", async () => {
    const { page, context } = await stage.show("station=guard&lang=en&seed=day", DESK);
    for (let n = 0; n < 12; n++) {
      await page.fill(at("code-input"), n < 2 ? "expired" : "stale");
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (many) => document.querySelectorAll("[data-test=scan-row]").length === many,
        Math.min(10, n + 1),
      );
    }
    expect(await page.locator(`${at("scan-row")}[data-decision=cannotTell]`).count()).toBe(10);
    await context.close();
  });
});
