// The kiosk's keyboard, by fingers alone, in the visitor's own form.

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, type Size, Stage, toName } from "./page";

const KIOSK: Size = { width: 1366, height: 768 };
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

async function kiosk(language: string, size = KIOSK, mm = 3.78) {
  const shown = await stage.show(`station=kiosk&lang=${language}&slow=20&mm=${mm}`, size, false, true);
  shown.page.setDefaultTimeout(10_000);
  return shown;
}

async function keys(page: Page, ...pressed: string[]) {
  for (const key of pressed) await page.tap(`.hg-button[data-skbtn="${key}"]`);
}

/** Turns pages until the offer is there, as a finger does, and takes it. */
async function take(page: Page, text: string, within = 5) {
  const offer = page.locator(at("offer")).getByText(text, { exact: true });
  await page.locator(at("offer")).first().waitFor();
  for (let n = 1; n < within && (await offer.count()) === 0; n++) await page.tap(at("offers-more"));
  await offer.first().tap();
}

const offered = (page: Page) => page.locator(at("offer")).allTextContents();

describe("by touch alone", () => {
  const names: [name: string, type: (page: Page) => Promise<void>][] = [
    [
      "欧阳娜娜",
      async (page) => {
        await keys(page, ..."ouyangnana");
        await take(page, "欧阳娜娜", 1);
      },
    ],
    [
      "欧阳娜娜",
      async (page) => {
        await keys(page, ..."ouyang");
        await take(page, "欧阳", 1);
        await keys(page, ..."nana");
        await take(page, "娜娜", 1);
      },
    ],
    [
      "单于",
      async (page) => {
        await keys(page, ..."chanyu");
        await take(page, "单于", 1);
      },
    ],
    [
      "仇晓",
      async (page) => {
        await keys(page, ..."qiuxiao");
        await take(page, "仇");
        expect(await page.inputValue(at("field-name"))).toBe("仇xiao");
        await take(page, "晓", 1);
      },
    ],
    [
      "吕",
      async (page) => {
        await keys(page, "l", "v");
        expect(await page.inputValue(at("field-name"))).toBe("lü");
        await take(page, "吕", 1);
      },
    ],
    [
      "西安",
      async (page) => {
        await keys(page, ..."xi'an");
        await take(page, "西安", 1);
      },
    ],
    [
      "买买提·艾力",
      async (page) => {
        await keys(page, ..."maimaiti");
        await take(page, "买");
        await take(page, "买");
        await take(page, "提");
        await keys(page, "·", ..."aili");
        await take(page, "艾");
        await take(page, "力");
      },
    ],
    [
      "Ünal",
      async (page) => {
        await keys(page, "{latin}", "U");
        await take(page, "Ü", 1);
        await keys(page, ..."nal", "{pinyin}");
      },
    ],
    [
      "O'Neil",
      async (page) => {
        await keys(page, "{latin}", "O", "'", "{shift}", "N", ..."eil", "{pinyin}");
      },
    ],
    [
      "Zoë Ñ",
      async (page) => {
        await keys(page, "{latin}", "Z", "o", "e");
        await take(page, "ë", 2);
        await keys(page, "{space}", "N");
        await take(page, "Ñ", 1);
        await keys(page, "{pinyin}");
      },
    ],
  ];

  test("a name in any script, one after the other in one form", async () => {
    const { page, said, context } = await kiosk("zh-CN");
    await toName(page);
    for (const [name, type] of names) {
      await type(page);
      expect(await page.inputValue(at("field-name"))).toBe(name);
      await keys(page, "{clear}");
      expect(await page.inputValue(at("field-name"))).toBe("");
    }
    expect(said).toEqual([]);
    await context.close();
  });

  test("a whole visit", async () => {
    const { page, said, context } = await kiosk("zh-CN");
    await toName(page);
    await page.tap(at("back"));
    await keys(page, ..."13800138000");
    expect(await page.inputValue(at("field-phone"))).toBe("138 0013 8000");
    await keys(page, "{bksp}", "{bksp}", "{bksp}", "{bksp}", "9");
    expect(await page.inputValue(at("field-phone"))).toBe("138 0013 9");
    await keys(page, ..."001");
    await page.tap(at("next"));
    await keys(page, ..."ouyangnana", "{space}");
    await page.tap(at("next"));
    await keys(page, ..."renshibu", "{space}");
    expect(await page.inputValue(at("field-host"))).toBe("人事部");
    await keys(page, "{digits}", "3");
    await take(page, "@qq.com", 2);
    expect(await page.inputValue(at("field-host"))).toBe("人事部3@qq.com");
    await page.tap(at("next"));
    await page.tap(at("get-pass"));
    await page.locator(at("pass-picture")).waitFor();
    expect(await page.textContent("h1")).toContain("欧阳娜娜");
    expect(said).toEqual([]);
    await context.close();
  });

  test("letters that are not turned into characters stay as they are", async () => {
    const { page, context } = await kiosk("zh-CN");
    await toName(page);
    await keys(page, ..."wang");
    await page.tap(at("next"));
    await page.tap(at("back"));
    expect(await page.inputValue(at("field-name"))).toBe("wang");
    // They are no longer being turned: the next ones are.
    await keys(page, ..."li");
    await take(page, "李", 1);
    expect(await page.inputValue(at("field-name"))).toBe("wang李");
    await keys(page, "{bksp}", "'");
    expect(await page.inputValue(at("field-name"))).toBe("wang'");
    await context.close();
  });

  test("the mistyped letter goes, and what is offered with it", async () => {
    const { page, context } = await kiosk("zh-CN");
    await toName(page);
    await keys(page, ..."wax");
    await keys(page, "{bksp}", "n", "g");
    await page.locator(at("offer")).first().waitFor();
    expect((await offered(page))[0]).toBe("王");
    await keys(page, "{bksp}", "{bksp}", "{bksp}", "{bksp}");
    expect(await offered(page)).toEqual([]);
    await context.close();
  });
});

test("the strip turns its pages, and every page fits", async () => {
  const { page, context } = await kiosk("zh-CN");
  await toName(page);
  await keys(page, ..."yi");
  await page.locator(at("offer")).first().waitFor();
  const seen = new Set<string>();
  let count = 0;
  for (;;) {
    const sheet = await offered(page);
    for (const text of sheet) seen.add(text);
    count += sheet.length;
    const over = await page.evaluate(() => {
      const strip = document.querySelector("[data-test=offers]")?.getBoundingClientRect();
      return [...document.querySelectorAll("[data-test=offers] button")].filter((button) => {
        const box = button.getBoundingClientRect();
        return strip === undefined || box.right > strip.right + 1 || box.bottom > strip.bottom + 1;
      }).length;
    });
    expect(over).toBe(0);
    if (await page.isDisabled(at("offers-more"))) break;
    await page.tap(at("offers-more"));
  }
  expect(seen.size).toBe(count);
  expect([...seen]).toEqual(expect.arrayContaining(["易", "伊", "懿", "奕"]));
  await page.tap(at("offers-back"));
  await keys(page, "n");
  // What is offered anew begins with its first page.
  await page.locator(`${at("offers-back")}:disabled`).waitFor();
  await context.close();
});

test.each([
  { width: 1920, height: 1080, mm: 5.55 },
  { width: 1920, height: 1080, mm: 4.03 },
  { width: 1080, height: 1920, mm: 4.03 },
  { width: 1366, height: 768, mm: 3.78 },
  { width: 1280, height: 800, mm: 3.78 },
])("on $width × $height at $mm px per mm it can be hit and covers nothing", async ({ mm, ...size }) => {
  const { page, context } = await kiosk("zh-CN", size, mm);
  const look = (wide: number, high: number) =>
    page.evaluate(
      ({ mm, wide, high }) => {
        const found: string[] = [];
        const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
        const field = box("#field");
        const pad = box("[data-test=keyboard]");
        const foot = box(".foot");
        const title = box("h1");
        if (!field || !pad || !foot || !title) return ["something is not there"];
        if (field.bottom > pad.top || pad.bottom > foot.top || title.bottom > field.top + 1)
          found.push(`they cover each other: ${field.bottom} ${pad.top} ${pad.bottom} ${foot.top}`);
        if (field.top < 0 || field.height < 20 * mm - 0.5) found.push("the field is not whole");
        for (const key of document.querySelectorAll("[data-test=keyboard] button")) {
          const { width, height, bottom } = key.getBoundingClientRect();
          const offer = key.matches("[data-test=offers] *");
          if (width < (offer ? 18 : wide) * mm - 0.5 || height < (offer ? 18 : high) * mm - 0.5)
            found.push(`${key.textContent} is ${width / mm} × ${height / mm} mm`);
          if (bottom > pad.bottom + 1) found.push(`${key.textContent} sticks out`);
        }
        return found;
      },
      { mm, wide, high },
    );
  await toName(page);
  await keys(page, ..."ouyangnana");
  await page.locator(at("offer")).first().waitFor();
  expect(await look(16, 17.5)).toEqual([]);
  await keys(page, "{clear}", "{latin}", "{digits}");
  expect(await look(16, 17.5)).toEqual([]);
  await keys(page, "{clear}");
  await page.tap(at("next"));
  await page.locator(at("field-fault")).waitFor();
  expect(await look(16, 17.5)).toEqual([]);
  await page.tap(at("back"));
  expect(await look(21, 20.5)).toEqual([]);
  await context.close();
});

test("the language is one touch away, and follows the screen until somebody chooses", async () => {
  const { page, context } = await kiosk("en");
  await toName(page);
  await keys(page, "U");
  await page.tap(at("lang-zh-CN"));
  await page.locator(".hg-button[data-skbtn='{latin}']").waitFor();
  await keys(page, "{clear}", "w");
  await page.locator(at("offer")).first().waitFor();
  expect(await offered(page)).toContain("王");
  await keys(page, "{latin}", "o");
  expect(await offered(page)).toContain("ö");
  await page.tap(at("next"));
  // The choice holds for the next question.
  expect(await page.locator(".hg-button[data-skbtn='{pinyin}']").count()).toBe(1);
  await context.close();
});

test("a keyboard of keys works beside it", async () => {
  const { page, context } = await kiosk("zh-CN");
  await toName(page);
  await page.keyboard.type("Marie ");
  await keys(page, ..."li");
  await take(page, "李", 1);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("x");
  expect(await page.inputValue(at("field-name"))).toBe("Marie x李");
  await page.keyboard.press("Enter");
  await page.locator(at("field-host")).waitFor();
  await context.close();
});

test("desks have no keyboard on the screen", async () => {
  for (const station of ["reception", "guard"]) {
    const { page, context } = await stage.show(`station=${station}&lang=zh-CN&seed=day`, KIOSK);
    if (station === "reception") await page.keyboard.press("F2");
    await page.locator("input").first().focus();
    expect(await page.locator(at("keyboard")).count()).toBe(0);
    await context.close();
  }
});

test("the first screen does not fetch the dictionary, and is light", async () => {
  const { page, context } = await kiosk("en");
  const fetched = () =>
    page.evaluate(
      () => performance.getEntriesByType("resource").filter(({ name }) => /pinyin/.test(name)).length,
    );
  expect(await fetched()).toBe(0);
  await toName(page);
  await keys(page, "W");
  expect(await fetched()).toBe(0);
  await keys(page, "{pinyin}", "w");
  await page.locator(at("offer")).first().waitFor();
  expect(await fetched()).toBe(1);
  await context.close();

  const files = readdirSync("dist/assets").filter((name) => /\.(js|css)$/.test(name));
  expect(files.filter((name) => /pinyin/.test(name))).toHaveLength(1);
  const light = files.filter((name) => !/pinyin|memory/.test(name));
  const weight = light.reduce((sum, name) => sum + gzipSync(readFileSync(`dist/assets/${name}`)).length, 0);
  expect(weight).toBeLessThan(250_000);
});
