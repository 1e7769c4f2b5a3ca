// Three people at their stations, in Chromium, on the memory desk.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast, traces } from "./look";
import { at, type Size, Stage } from "./page";

const PX_PER_MM = 3.78;
const KIOSK: Size = { width: 1366, height: 768 };
const DESK: Size = { width: 1280, height: 800 };
const reader = readFileSync(createRequire(import.meta.url).resolve("jsqr/dist/jsQR.js"), "utf8");
const measured = () => (window as unknown as { __vestibule: { passMs: number[] } }).__vestibule.passMs;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** What another program reads in a picture of the screen, and how wide the code is there. */
async function readScreen(page: Page): Promise<{ text: string; width: number } | null> {
  const shot = (await page.screenshot()).toString("base64");
  await page.evaluate(reader);
  return page.evaluate(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    const context = canvas.getContext("2d");
    context?.drawImage(picture, 0, 0);
    const data = context?.getImageData(0, 0, canvas.width, canvas.height);
    type Found = {
      data: string;
      location: { topLeftCorner: { x: number }; topRightCorner: { x: number } };
    } | null;
    const read = (window as unknown as { jsQR(d: Uint8ClampedArray, w: number, h: number): Found }).jsQR;
    const found = data && read(data.data, canvas.width, canvas.height);
    if (!found) return null;
    return { text: found.data, width: found.location.topRightCorner.x - found.location.topLeftCorner.x };
  }, shot);
}

async function fillForm(page: Page, name: string) {
  await page.click(at("kiosk-start"));
  await page.keyboard.type(name);
  await page.click(at("next"));
  await page.keyboard.type("138 1234 5678");
  await page.click(at("next"));
  await page.keyboard.type("Ms Chen");
  await page.keyboard.press("Enter");
}

async function openService(page: Page) {
  for (let n = 0; n < 5; n++) await page.click(at("service-corner"));
  await page.locator(at("service-panel")).waitFor();
}

describe("a visitor at the kiosk", () => {
  test("gets a pass that another reader reads, at least 60 mm wide, and leaves no trace", async () => {
    const { page, said, context } = await stage.show("station=kiosk&lang=en&slow=20", KIOSK);
    await fillForm(page, "Marked-Name-4711");
    await page.dblclick(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    await page.locator(`${at("pass-door")}[data-readiness=ready] >> nth=2`).waitFor();
    const seen = await readScreen(page);
    expect(seen?.text).toMatch(/^V1[0-9A-F]{14}$/);
    expect((seen?.width ?? 0) / PX_PER_MM).toBeGreaterThanOrEqual(60);
    expect(await page.textContent(at("pass-window"))).toBe("today until midnight");
    expect(await page.textContent(at("pass-short-code"))).toMatch(/^[2-9A-Z]{4} [2-9A-Z]{4}$/);
    const times = await page.evaluate(measured);
    expect(times).toHaveLength(1);
    expect(times[0]).toBeLessThan(2000);

    await page.click(at("done"));
    await page.locator(at("kiosk-start")).waitFor();
    const left = await page.evaluate(
      () =>
        document.documentElement.outerHTML +
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
    );
    expect(left).not.toMatch(/Marked-Name-4711|1234 5678|Ms Chen/);
    await page.click(at("kiosk-start"));
    expect(await page.inputValue(at("field-name"))).toBe("");
    expect(said).toEqual([]);
    await context.close();
  });

  test("types by touch alone, and the keyboard keeps nothing", async () => {
    const { page, said, context } = await stage.show("station=kiosk&lang=en&slow=20", KIOSK);
    const tap = async (keys: string[]) => {
      for (const key of keys) await page.click(`.hg-button[data-skbtn="${key}"]`);
    };
    await page.click(at("kiosk-start"));
    await tap(["O", "'", "{shift}", "N", "e", "i", "l", "l", "{bksp}", "{space}", "J", "o"]);
    expect(await page.inputValue(at("field-name"))).toBe("O'Neil Jo");
    await page.click(at("next"));
    await tap(["+", "4", "4", "1", "2", "3", "4", "5"]);
    expect(await page.inputValue(at("field-phone"))).toBe("+4412345");
    await page.click(at("next"));
    await page.fill(at("field-host"), "A👩‍👩‍👧🎉");
    await tap(["{bksp}"]);
    expect(await page.inputValue(at("field-host"))).toBe("A👩‍👩‍👧");
    await tap(["{clear}", "{digits}", "7", "{letters}", "b"]);
    expect(await page.inputValue(at("field-host"))).toBe("7b");
    await page.click(at("next"));
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    await page.click(at("done"));
    const kept = await page.evaluate(() =>
      JSON.stringify(
        Object.keys(
          (window as unknown as { SimpleKeyboardInstances?: object }).SimpleKeyboardInstances ?? {},
        ),
      ),
    );
    expect(kept).toBe("[]");
    expect(said).toEqual([]);
    await context.close();
  });

  test("is told where the fault is, and loses nothing", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en", KIOSK);
    await page.click(at("kiosk-start"));
    await page.click(at("next"));
    expect(await page.textContent(at("field-fault"))).toContain("Please enter your name.");
    await page.fill(at("field-name"), "x".repeat(10_000));
    await page.click(at("next"));
    await page.fill(at("field-phone"), "'; DROP TABLE visitor; --");
    await page.click(at("next"));
    await page.click(at("next"));
    await page.click(at("get-pass"));
    expect(await page.textContent(at("field-fault"))).toContain("40 characters");
    await page.fill(at("field-name"), "Ünal");
    for (let n = 0; n < 3; n++) await page.click(at("next"));
    await page.click(at("get-pass"));
    expect(await page.textContent(at("field-fault"))).toContain("phone number");
    expect(await page.inputValue(at("field-phone"))).toContain("DROP TABLE");
    await context.close();
  });

  test("registers without a network, and the pass comes by itself when it is back", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=20", KIOSK);
    await openService(page);
    await page.click(at("network-switch"));
    await page.locator(`${at("network-switch")}[aria-pressed=true]`).waitFor();
    await page.keyboard.press("Escape");
    await fillForm(page, "Zoë");
    await page.click(at("get-pass"));
    expect(await page.textContent(at("pass-waiting"))).toContain("Your details are saved.");
    await page.locator(`${at("status-line")}[data-state=offline][data-waiting="3"]`).waitFor();
    await openService(page);
    expect(await page.locator(at("queue-row")).count()).toBe(3);
    await page.click(at("network-switch"));
    await page.keyboard.press("Escape");
    await page.locator(at("pass-picture")).waitFor();
    await page.locator(`${at("status-line")}[data-state=online][data-waiting="0"]`).waitFor();
    // The wait for the network is no measure of the page.
    expect(await page.evaluate(measured)).toEqual([]);
    await context.close();
  });

  test("who walks away is asked after a minute, and may say ten times and more that they are there", async () => {
    const { page, context } = await stage.show("station=kiosk", KIOSK, true);
    await page.click(at("lang-en"));
    await page.click(at("kiosk-start"));
    await page.fill(at("field-name"), "Marked-Name-4711");
    for (let n = 0; n < 12; n++) {
      await page.clock.runFor(59_000);
      expect(await page.locator(at("still-here")).count()).toBe(0);
      await page.clock.runFor(2000);
      expect(await page.textContent(`${at("still-here")} .ring`)).toMatch(/^\s*(19|20)\s*$/);
      await page.click(at("carry-on"));
      expect(await page.inputValue(at("field-name"))).toBe("Marked-Name-4711");
    }
    await page.clock.runFor(79_000);
    expect(await page.locator(at("kiosk-start")).count()).toBe(0);
    await page.clock.runFor(1500);
    await page.locator(at("kiosk-start")).waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
    await context.close();
  });

  test("who is forgotten is forgotten everywhere", async () => {
    const { page, context } = await stage.show("station=kiosk", KIOSK, true);
    const marked = /Marked|4711|138 ?1234|13812345678|Meister|欧阳|ouyang/i;
    await page.click(at("kiosk-start"));
    await page.keyboard.type("Marked-Name-4711 ");
    for (const key of "ouyang") await page.click(`.hg-button[data-skbtn="${key}"]`);
    await page.locator(at("offer")).first().waitFor();
    // The trap itself works: now it is everywhere one looks.
    expect(await traces(page)).toMatch(/欧阳/);
    expect(await traces(page)).toMatch(/Marked-Name-4711 ouyang/);
    await page.click(at("next"));
    await page.keyboard.type("13812345678");
    await page.click(at("next"));
    await page.keyboard.type("Meister");
    await page.click(at("next"));
    expect(await traces(page)).toMatch(/138 1234 5678/);
    await page.clock.runFor(81_000);
    await page.locator(at("kiosk-start")).waitFor();
    expect(await traces(page)).not.toMatch(marked);
    // Nor does the keyboard give it to the next one.
    await page.click(at("kiosk-start"));
    expect(await traces(page)).not.toMatch(marked);
    expect(await page.locator(at("offer")).count()).toBe(0);
    await page.click('.hg-button[data-skbtn="o"]');
    await page.locator(at("offer")).first().waitFor();
    expect(await page.inputValue(at("field-name"))).toBe("o");
    await context.close();
  });

  test("asks for what makes it easier, and the next one finds the kiosk as it was", async () => {
    const tall = { width: 1080, height: 1920 };
    const { page, context } = await stage.show("station=kiosk&lang=en&mm=4.03", tall, true);
    const key = '.hg-button[data-skbtn="E"]';
    const sizeOf = (selector: string) =>
      page.evaluate((wanted) => {
        const element = document.querySelector(wanted);
        return element ? Number.parseFloat(getComputedStyle(element).fontSize) : 0;
      }, selector);
    await page.click(at("kiosk-start"));
    const usual = await sizeOf(key);
    await page.click(at("back"));
    for (const mode of ["easy", "contrast", "low"]) await page.click(at(`mode-${mode}`));
    const high = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("button:not(.corner), input")]
          .filter((element) => element.getBoundingClientRect().top < innerHeight * 0.55)
          .map((element) => element.textContent || element.id),
      );
    expect(await high()).toEqual([]);
    await page.click(at("kiosk-start"));
    expect(await high()).toEqual([]);
    expect(await sizeOf(key)).toBeGreaterThan(usual * 1.15);
    for (const part of ["h1", key, at("back"), at("next"), at("lang-zh-CN"), at("status-line")])
      expect(await contrast(page, part), part).toBeGreaterThanOrEqual(10);
    await page.clock.runFor(119_000);
    expect(await page.locator(at("still-here")).count()).toBe(0);
    await page.clock.runFor(29_000);
    expect(await page.locator(at("still-here")).count()).toBe(1);
    await page.clock.runFor(3000);
    await page.locator(at("kiosk-start")).waitFor();
    expect(await page.locator("[data-test^=mode-][aria-pressed=true]").count()).toBe(0);
    await page.click(at("kiosk-start"));
    expect(await sizeOf(key)).toBe(usual);
    await page.click(at("back"));
    // Who only asks and walks away is forgotten too.
    await page.click(at("mode-easy"));
    await page.clock.runFor(151_000);
    expect(await page.getAttribute(at("mode-easy"), "aria-pressed")).toBe("false");
    await context.close();
  });

  test("a pass leaves the screen after 45 s unless somebody keeps it", async () => {
    const { page, context } = await stage.show("station=kiosk&slow=1", KIOSK, true);
    await fillForm(page, "王小明");
    await page.click(at("get-pass"));
    await page.clock.runFor(500);
    await page.locator(at("pass-picture")).waitFor();
    await page.clock.runFor(40_000);
    await page.click(at("keep"));
    await page.clock.runFor(44_000);
    expect(await page.locator(at("pass-picture")).count()).toBe(1);
    await page.clock.runFor(6000);
    await page.locator(at("kiosk-start")).waitFor();
    await context.close();
  });

  test.each([
    { width: 1920, height: 1080, mm: 5.55 },
    { width: 1920, height: 1080, mm: 4.03 },
    { width: 1080, height: 1920, mm: 4.03 },
    { width: 1366, height: 768, mm: 3.78 },
  ])("can hit everything: 20 mm on $width × $height at $mm px per mm", async ({ mm, ...size }) => {
    const { page, context } = await stage.show(`station=kiosk&lang=en&slow=1&mm=${mm}`, size);
    // Buttons 20 mm; the keys of the keyboard at least 16 wide and 17.5 high.
    const small = () =>
      page.evaluate((mm) => {
        const found: string[] = [];
        for (const element of document.querySelectorAll<HTMLElement>("button, input")) {
          if (element.getClientRects().length === 0) continue;
          const { width, height, bottom, right } = element.getBoundingClientRect();
          const key = element.matches(".hg-button");
          const hidden = bottom > innerHeight || right > innerWidth;
          if (width < (key ? 16 : 20) * mm - 0.5 || height < (key ? 17.5 : 20) * mm - 0.5 || hidden)
            found.push(`${element.textContent || element.dataset.test} ${width / mm} × ${height / mm} mm`);
        }
        return found;
      }, mm);
    expect(await small()).toEqual([]);
    await page.click(at("kiosk-start"));
    expect(await small()).toEqual([]);
    await page.fill(at("field-name"), "王小明");
    for (let n = 0; n < 3; n++) await page.click(at("next"));
    expect(await small()).toEqual([]);
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(await small()).toEqual([]);
    const seen = await readScreen(page);
    expect((seen?.width ?? 0) / mm).toBeGreaterThanOrEqual(60);
    await context.close();
  });
});

describe("a receptionist", () => {
  test("registers, finds, revokes and signs out with the keyboard alone", async () => {
    const { page, said, context } = await stage.show("station=reception&lang=en&slow=20", DESK);
    await page.locator(at("empty")).waitFor();
    for (const name of ["Ünal", "Zoë"]) {
      await page.keyboard.press("F2");
      await page.keyboard.type(name);
      await page.keyboard.press("Tab");
      await page.keyboard.type("12345");
      await page.keyboard.press("Tab");
      await page.keyboard.type("Ms Chen");
      await page.keyboard.press("Enter");
      await page.locator(at("pass-picture")).waitFor();
    }
    expect(await page.locator(at("visit-row")).count()).toBe(2);
    await page.keyboard.press("Escape");
    await page.keyboard.press("F3");
    await page.keyboard.type("üna");
    expect(await page.locator(at("visit-row")).count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.locator(at("pass-panel")).waitFor();
    await page.locator(`${at("visit-row")} ${at("pass-door")}[data-readiness=ready] >> nth=2`).waitFor();
    await page.focus(at("revoke"));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.locator(`${at("pass-state")}[data-state=active]`).count()).toBe(1);
    await page.focus(at("revoke"));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(`${at("pass-state")}[data-state=revoked]`).waitFor();
    await page.keyboard.press("F8");
    await page.locator(at("visit-left")).waitFor();
    await page.fill(at("search"), "");
    expect(await page.locator(`${at("pass-state")}[data-state=active]`).count()).toBe(1);
    expect(await page.locator(at("visit-left")).count()).toBe(1);
    expect(said).toEqual([]);
    await context.close();
  });
});
