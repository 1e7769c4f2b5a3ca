// Three people at their stations, in Chromium, on the memory desk.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contrast, traces } from "./look";
import { at, type Size, Stage, toName } from "./page";

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
  await page.keyboard.type("138 1234 5678");
  await page.click(at("next"));
  await page.locator(at("field-name")).waitFor();
  await page.keyboard.type(name);
  await page.click(at("next"));
  await page.keyboard.type("Ms Chen");
  await page.keyboard.press("Enter");
}

/** Two strokes with the finger. */
async function sign(page: Page) {
  const box = await page.locator(at("signature-pad")).boundingBox();
  if (!box) throw new Error("there is nothing to sign on");
  for (const from of [0.2, 0.5]) {
    await page.mouse.move(box.x + box.width * from, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * (from + 0.2), box.y + box.height * 0.7, { steps: 6 });
    await page.mouse.up();
  }
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
    await toName(page);
    expect(await page.inputValue(at("field-name"))).toBe("");
    expect(said).toEqual([]);
    await context.close();
  });

  test("prints the pass once, and a printer that fails is no hindrance", async () => {
    for (const [end, words] of [
      ["onPaper", "Printed."],
      ["noPaper", "the pass works all the same"],
    ] as const) {
      const { page, said, context } = await stage.show(`station=kiosk&lang=en&slow=20&printer=${end}`, KIOSK);
      await fillForm(page, "Ada");
      await page.click(at("get-pass"));
      await page.locator(at("pass-picture")).waitFor();
      await page.click(at("print"));
      await page.locator(at("print-said"), { hasText: words }).waitFor();
      expect(await page.locator(at("print")).isDisabled()).toBe(end === "onPaper");
      await page.click(at("done"));
      await page.locator(at("kiosk-start")).waitFor();
      expect(said).toEqual([]);
      await context.close();
    }
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=20", KIOSK);
    await fillForm(page, "Ada");
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(await page.locator(at("print")).count()).toBe(0);
    await context.close();
  });

  test("types by touch alone, and the keyboard keeps nothing", async () => {
    const { page, said, context } = await stage.show("station=kiosk&lang=en&slow=20", KIOSK);
    const tap = async (keys: string[]) => {
      for (const key of keys) await page.click(`.hg-button[data-skbtn="${key}"]`);
    };
    await page.click(at("kiosk-start"));
    await tap(["+", "4", "4", "1", "2", "3", "4", "5"]);
    expect(await page.inputValue(at("field-phone"))).toBe("+4412345");
    await page.click(at("next"));
    await tap(["O", "'", "{shift}", "N", "e", "i", "l", "l", "{bksp}", "{space}", "J", "o"]);
    expect(await page.inputValue(at("field-name"))).toBe("O'Neil Jo");
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
    await page.fill(at("field-phone"), "'; DROP TABLE visitor; --");
    await page.click(at("next"));
    await page.locator(at("field-name")).waitFor();
    await page.click(at("next"));
    expect(await page.textContent(at("field-fault"))).toContain("Please enter your name.");
    await page.fill(at("field-name"), "x".repeat(10_000));
    await page.click(at("next"));
    await page.click(at("next"));
    await page.click(at("get-pass"));
    expect(await page.textContent(at("field-fault"))).toContain("phone number");
    expect(await page.inputValue(at("field-phone"))).toContain("DROP TABLE");
    await page.fill(at("field-phone"), "");
    await page.click(at("next"));
    await page.locator(at("field-name")).waitFor();
    for (let n = 0; n < 2; n++) await page.click(at("next"));
    await page.click(at("get-pass"));
    expect(await page.textContent(at("field-fault"))).toContain("40 characters");
    expect(await page.inputValue(at("field-name"))).toHaveLength(10_000);
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
    await toName(page);
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
    await page.keyboard.type("13812345678");
    await page.click(at("next"));
    await page.locator(at("field-name")).waitFor();
    await page.keyboard.type("Marked-Name-4711 ");
    for (const key of "ouyang") await page.click(`.hg-button[data-skbtn="${key}"]`);
    await page.locator(at("offer")).first().waitFor();
    // The trap itself works: now it is everywhere one looks.
    expect(await traces(page)).toMatch(/欧阳/);
    expect(await traces(page)).toMatch(/Marked-Name-4711 ouyang/);
    await page.click(at("next"));
    await page.keyboard.type("Meister");
    await page.click(at("next"));
    expect(await traces(page)).toMatch(/138 1234 5678/);
    await page.clock.runFor(81_000);
    await page.locator(at("kiosk-start")).waitFor();
    expect(await traces(page)).not.toMatch(marked);
    // Nor does the keyboard give it to the next one.
    await toName(page);
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
    await toName(page);
    const usual = await sizeOf(key);
    for (let n = 0; n < 2; n++) await page.click(at("back"));
    for (const mode of ["easy", "contrast", "low"]) await page.click(at(`mode-${mode}`));
    const high = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("button:not(.corner), input")]
          .filter((element) => element.getBoundingClientRect().top < innerHeight * 0.55)
          .map((element) => element.textContent || element.id),
      );
    expect(await high()).toEqual([]);
    await toName(page);
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
    await toName(page);
    expect(await sizeOf(key)).toBe(usual);
    for (let n = 0; n < 2; n++) await page.click(at("back"));
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
    const { page, context } = await stage.show(`station=kiosk&lang=en&slow=1&hosts&agreement&mm=${mm}`, size);
    // Buttons 20 mm; the keys of the keyboard and what stands in its strip at least 16 wide and 17.5 high.
    const small = () =>
      page.evaluate((mm) => {
        const found: string[] = [];
        for (const element of document.querySelectorAll<HTMLElement>("button, input")) {
          if (element.getClientRects().length === 0) continue;
          const { width, height, bottom, right } = element.getBoundingClientRect();
          const key = element.matches(".hg-button, [data-test=host-hits] *");
          const hidden = bottom > innerHeight || right > innerWidth;
          if (width < (key ? 16 : 20) * mm - 0.5 || height < (key ? 17.5 : 20) * mm - 0.5 || hidden)
            found.push(`${element.textContent || element.dataset.test} ${width / mm} × ${height / mm} mm`);
        }
        return found;
      }, mm);
    expect(await small()).toEqual([]);
    for (const choice of ["kiosk-invited", "kiosk-leaving", "kiosk-start"]) {
      await page.click(at(choice));
      expect(await small(), choice).toEqual([]);
      if (choice !== "kiosk-start") await page.click(at("back"));
    }
    await page.click(at("next"));
    await page.locator(at("field-name")).waitFor();
    expect(await small()).toEqual([]);
    await page.fill(at("field-name"), "王小明");
    await page.click(at("next"));
    await page.fill(at("field-host"), "wxm");
    await page.locator(at("host-hit")).first().waitFor();
    expect(await small()).toEqual([]);
    await page.locator(at("host-hit")).first().click();
    await page.locator(at("signature-pad")).waitFor();
    const pad = await page.locator(at("signature-pad")).boundingBox();
    expect((pad?.width ?? 0) / mm).toBeGreaterThanOrEqual(120);
    expect((pad?.height ?? 0) / mm).toBeGreaterThanOrEqual(45);
    expect(await small()).toEqual([]);
    await sign(page);
    await page.click(at("agree"));
    expect(await small()).toEqual([]);
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(await small()).toEqual([]);
    const seen = await readScreen(page);
    expect((seen?.width ?? 0) / mm).toBeGreaterThanOrEqual(60);
    await context.close();
  });
});

describe("a visitor alone", () => {
  test("a walk-in takes five screens and eight touches at most, besides typing", async () => {
    const { page, said, context } = await stage.show("station=kiosk&lang=en&slow=1&hosts&agreement", KIOSK);
    let touches = 0;
    const screens = new Set<string>();
    const look = async () => screens.add((await page.textContent("h1")) ?? "");
    const touch = async (test: string) => {
      await page.locator(at(test)).first().click();
      touches += 1;
    };
    await touch("kiosk-start");
    await look();
    await page.keyboard.type("13900007777");
    await touch("next");
    await page.locator(at("field-name")).waitFor();
    await look();
    await page.keyboard.type("Ada");
    await touch("next");
    await look();
    await page.keyboard.type("wxm");
    await touch("host-hit");
    await page.locator(at("agree")).waitFor();
    await look();
    await sign(page);
    await touch("agree");
    await page.locator(at("get-pass")).waitFor();
    await look();
    expect(await page.textContent(at("check-host"))).toMatch(/\*/);
    await touch("get-pass");
    await page.locator(at("pass-picture")).waitFor();
    expect(screens.size).toBe(5);
    expect(touches).toBeLessThanOrEqual(8);
    expect(said).toEqual([]);
    await context.close();
  });

  test("comes with an invitation: masked, and once", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=1&seed=day", KIOSK);
    const type = async (code: string) => {
      await page.fill(at("field-code"), "");
      for (const key of code) await page.click(`.hg-button[data-skbtn="${key}"]`);
      await page.click(at("next"));
    };
    await page.click(at("kiosk-invited"));
    await type("EFGH2345");
    expect(await page.textContent(at("failure"))).toContain("for later");
    await type("TUVW2345");
    expect(await page.textContent(at("failure"))).toContain("withdrawn");
    await type("ABCD2345");
    const known = page.locator(at("known"));
    await known.waitFor();
    expect(await known.textContent()).not.toContain("敏");
    await page.click(at("its-me"));
    expect(await page.textContent(at("check-name"))).toBe("赵*");
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(await page.textContent("h1")).toContain("赵*");
    await page.click(at("done"));
    await page.click(at("kiosk-invited"));
    await type("ABCD2345");
    expect(await page.textContent(at("failure"))).toContain("came with this invitation");
    await context.close();
  });

  test("is known again by the phone, and says whether it is them", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=1&seed=day", KIOSK);
    const phone = async () => {
      await page.click(at("kiosk-start"));
      await page.keyboard.type("13900001111");
      await page.click(at("next"));
      await page.locator(at("known")).waitFor();
      expect(await page.locator("body").textContent()).not.toContain("仇晓");
    };
    await phone();
    await page.click(at("not-me"));
    await page.locator(at("field-name")).waitFor();
    expect(await page.inputValue(at("field-name"))).toBe("");
    await page.click(at("back"));
    await page.click(at("back"));
    await phone();
    await page.click(at("its-me"));
    await page.locator(at("field-host")).waitFor();
    await page.click(at("next"));
    expect(await page.textContent(at("check-name"))).toBe("仇*");
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    await context.close();
  });

  test("leaves with the pass", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=1&seed=day", KIOSK, true);
    await page.click(at("kiosk-leaving"));
    for (const key of "W9YHC2PT") await page.click(`.hg-button[data-skbtn="${key}"]`);
    expect(await page.inputValue(at("field-code"))).toBe("W9YH C2PT");
    await page.click(at("next"));
    await page.clock.runFor(100);
    await page.locator(at("goodbye")).waitFor();
    expect(await page.textContent(at("goodbye"))).toContain("仇*");
    await page.clock.runFor(13_000);
    await page.locator(at("kiosk-start")).waitFor();
    await context.close();
  });

  test("signs by hand, clears, or types the name", async () => {
    const { page, said, context } = await stage.show("station=kiosk&lang=en&slow=1&agreement", KIOSK);
    await fillForm(page, "Ada");
    await page.click(at("agree"));
    expect(await page.textContent(at("failure"))).toContain("Please sign");
    await sign(page);
    expect(await page.getAttribute(at("signature-pad"), "data-strokes")).toBe("2");
    await page.click(at("sign-clear"));
    expect(await page.getAttribute(at("signature-pad"), "data-strokes")).toBe("0");
    await page.click(at("agreement-read"));
    await page.locator(at("agreement-full")).waitFor();
    await page.click(at("back"));
    await page.click(at("sign-typed"));
    await page.locator(at("field-signature")).waitFor();
    await page.keyboard.type("Ada Lovelace");
    await page.click(at("agree"));
    await page.click(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  test("calls reception, and hears that somebody is coming", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en&slow=1", KIOSK);
    await page.click(at("call-help"));
    await page.getByText("Reception was called").waitFor();
    await openService(page);
    await page.click(at("station-reception"));
    await page.locator(at("help-call")).waitFor();
    await page.click(at("help-seen"));
    await page.waitForFunction(() => !document.querySelector("[data-test=help-call]"));
    await context.close();
  });

  test("finds a screen that rests, and wakes it without pressing anything", async () => {
    const { page, context } = await stage.show("station=kiosk&lang=en", KIOSK, true);
    await page.clock.runFor(61_000);
    await page.locator(`${at("rest")}[data-dark=false]`).waitFor();
    const box = await page.locator(at("kiosk-start")).boundingBox();
    await page.clock.runFor(601_000);
    await page.locator(`${at("rest")}[data-dark=true]`).waitFor();
    await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
    await page.waitForFunction(() => !document.querySelector("[data-test=rest]"));
    expect(await page.locator(at("field-phone")).count()).toBe(0);
    await page.locator(at("kiosk-start")).click();
    await page.locator(at("field-phone")).waitFor();
    await context.close();
  });

  test("is told that the kiosk is out of order while the desk is silent, and it comes back by itself", async () => {
    const { page, context } = await stage.show(
      "station=kiosk&lang=en&silentFrom=20&silentFor=60",
      KIOSK,
      true,
    );
    await page.clock.runFor(46_000);
    await page.locator(at("out-of-order")).waitFor();
    await page.clock.runFor(90_000);
    await page.waitForFunction(() => !document.querySelector("[data-test=out-of-order]"));
    await context.close();
  });
});

describe("a receptionist", () => {
  test("invites somebody, sees them among the expected, and takes it back", async () => {
    const { page, said, context } = await stage.show("station=reception&lang=en&slow=20", DESK);
    await page.click(at("new-invitation"));
    await page.click(at("invite"));
    await page.locator(at("field-fault")).waitFor();
    await page.fill(at("field-name"), "Ada");
    await page.fill(at("field-day"), "tomorrow");
    await page.click(at("invite"));
    await page.locator(at("failure")).waitFor();
    await page.fill(at("field-day"), "");
    await page.click(at("invite"));
    await page.locator(`${at("invitation-panel")} ${at("pass-picture")}`).waitFor();
    await page.locator(`${at("invitation")}[data-standing=good]`).waitFor();
    await page.click(at("revoke-invitation"));
    await page.locator(`${at("invitation")}[data-standing=revoked]`).waitFor();
    expect(said).toEqual([]);
    await context.close();
  });

  test("registers somebody with four keys besides typing", async () => {
    const { page, context } = await stage.show("station=reception&lang=en&slow=20", DESK);
    let keys = 0;
    const press = async (key: string) => {
      keys += 1;
      await page.keyboard.press(key);
    };
    await page.locator(at("empty")).waitFor();
    await press("F2");
    await page.keyboard.type("Ada", { delay: 40 });
    await press("Enter");
    await page.keyboard.type("13812345678", { delay: 40 });
    await press("Enter");
    await page.keyboard.type("Ms Chen", { delay: 40 });
    await press("Enter");
    await page.locator(at("pass-picture")).waitFor();
    expect(keys).toBe(4);
    expect(await page.locator(at("visit-row")).innerText()).toMatch(/Ada[\s\S]*Ms Chen/);

    await page.keyboard.press("F2");
    await page.keyboard.type("Bo", { delay: 40 });
    await page.keyboard.press("Control+Enter");
    await page.locator(`${at("visit-row")} >> nth=1`).waitFor();
    await context.close();
  });

  test("prints a pass with one key, and one more only when that is meant", async () => {
    const { page, said, context } = await stage.show(
      "station=reception&lang=en&slow=20&printer=onPaper",
      DESK,
    );
    await page.locator(at("empty")).waitFor();
    await page.keyboard.press("F2");
    await page.keyboard.type("Ada", { delay: 40 });
    await page.keyboard.press("Control+Enter");
    await page.locator(at("pass-picture")).waitFor();
    const printed = page.locator(at("print-said"), { hasText: "Printed." });
    const before = page.locator(at("print-said"), { hasText: "printed before" });
    await page.keyboard.press("F6");
    await printed.waitFor();
    await page.waitForTimeout(60);
    await page.keyboard.press("F6");
    await before.waitFor();
    await page.locator(at("print-again")).focus();
    await page.keyboard.press("Enter");
    await printed.waitFor();
    expect(await page.locator(at("print-again")).count()).toBe(0);
    expect(said).toEqual([]);
    await context.close();
  });

  test("is warned of somebody who is inside already, and registers them all the same", async () => {
    const { page, context } = await stage.show("station=reception&lang=en&seed=day&slow=20", DESK);
    await page.press("body", "F2");
    await page.fill(at("field-phone"), "138 1234 567");
    expect(await page.locator(at("alike")).count()).toBe(0);
    await page.fill(at("field-phone"), "138 1234 5678");
    await page.locator(`${at("alike")}[data-by=phone]`).waitFor();
    await page.click(at("alike-show"));
    await page.locator(`${at("visit-row")}[data-visit=visit-1][aria-current=true]`).waitFor();
    expect(await page.inputValue(at("field-phone"))).toBe("138 1234 5678");
    await page.fill(at("field-name"), "Another Wang");
    await page.press(at("field-host"), "Enter");
    await page.locator(at("pass-picture")).waitFor();
    await context.close();
  });

  test("takes a sign-out back while there is time, and locks only after it was told", async () => {
    const { page, context } = await stage.show(
      "station=reception&lang=en&seed=day&staff=day&as=reception",
      DESK,
      true,
    );
    const row = (n: number) => page.locator(`${at("visit-row")}[data-visit=visit-${n}]`);
    const left = async (n: number) => row(n).locator(at("visit-left")).count();
    await page.keyboard.press("F3");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("F8");
    await row(1).locator(at("visit-leaving")).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("F8");
    await page.clock.runFor(9000);
    expect([await left(1), await left(2)]).toEqual([0, 0]);
    await page.keyboard.press("Control+z");
    await page.clock.runFor(3000);
    await row(1).locator(at("visit-left")).waitFor();
    expect(await left(2)).toBe(0);
    await page.locator(at("undo-bar")).waitFor({ state: "detached" });

    await row(2).locator(at("sign-out")).click();
    await page.locator(at("undo-bar")).waitFor();
    await page.click(at("lock"));
    await page.locator(at("staff-name")).first().waitFor();
    await page.clock.runFor(1000);
    expect(await left(2), "it was told before the station was locked").toBe(1);
    await context.close();
  });

  test("finds whose pass a scanner reads, whatever is being written, and asks the doors again", async () => {
    const { page, context } = await stage.show("station=reception&lang=en&seed=day&slow=20", DESK);
    await page.press("body", "F2");
    await page.fill(at("field-name"), "Half a na");
    await page.evaluate(() => {
      for (const letter of "H3NTD9RA") {
        const code = /\d/.test(letter) ? `Digit${letter}` : `Key${letter}`;
        document.activeElement?.dispatchEvent(
          new KeyboardEvent("keydown", { key: letter, code, bubbles: true }),
        );
      }
      document.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true }),
      );
    });
    await page.locator(`${at("visit-row")}[data-visit=visit-2][aria-current=true]`).waitFor();
    expect(await page.inputValue(at("field-name"))).toBe("Half a na");
    await page.keyboard.press("Escape");
    await page.keyboard.press("F4");
    await page.keyboard.type("h3nt d9ra", { delay: 40 });
    await page.keyboard.press("Enter");
    await page.locator(at("pass-panel")).getByText("Zoë").waitFor();
    await page.click(`${at("pass-panel")} ${at("send-again")}`);
    await page
      .locator(
        `${at("visit-row")}[data-visit=visit-2] ${at("pass-door")}[data-door=door-2][data-readiness=ready]`,
      )
      .waitFor();
    expect(await page.locator(at("send-again")).count()).toBe(0);
    await context.close();
  });

  test("goes through the lists with the keyboard alone", async () => {
    const { page, context } = await stage.show("station=reception&lang=en&seed=day", DESK);
    const counts = () =>
      Promise.all(
        ["all", "expected", "inside", "overdue", "waiting"].map((tab) => page.innerText(at(`count-${tab}`))),
      );
    await expect.poll(counts).toEqual(["7", "2", "6", "1", "4"]);
    await page.keyboard.press("Alt+4");
    expect(await page.locator(at("visit-row")).count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.locator(at("pass-panel")).getByText("仇晓").waitFor();
    await page.keyboard.press("Alt+2");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(at("invitation-panel")).waitFor();
    await page.keyboard.press("Alt+3");
    await page.keyboard.press("F3");
    await page.keyboard.type("D6EA", { delay: 40 });
    await page.locator(`${at("visit-row")}[data-visit=visit-6]`).waitFor();
    expect(await page.locator(at("visit-row")).count(), "who has left is found too").toBe(1);
    await context.close();
  });

  test("registers, finds, revokes and signs out with the keyboard alone", async () => {
    const { page, said, context } = await stage.show("station=reception&lang=en&slow=20", DESK, true);
    await page.locator(at("empty")).waitFor();
    for (const name of ["Ünal", "Zoë"]) {
      await page.keyboard.press("F2");
      await page.keyboard.type(name, { delay: 40 });
      await page.keyboard.press("Tab");
      await page.keyboard.type("12345", { delay: 40 });
      await page.keyboard.press("Tab");
      await page.keyboard.type("Ms Chen", { delay: 40 });
      await page.keyboard.press("Enter");
      await page.locator(at("pass-picture")).waitFor();
    }
    expect(await page.locator(at("visit-row")).count()).toBe(2);
    await page.keyboard.press("Escape");
    await page.keyboard.press("F3");
    await page.keyboard.type("üna", { delay: 40 });
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
    await page.locator(at("undo-bar")).waitFor();
    await page.clock.runFor(10_000);
    await page.locator(at("visit-left")).waitFor();
    await page.fill(at("search"), "");
    expect(await page.locator(`${at("pass-state")}[data-state=active]`).count()).toBe(1);
    expect(await page.locator(at("visit-left")).count()).toBe(1);
    expect(said).toEqual([]);
    await context.close();
  });
});
