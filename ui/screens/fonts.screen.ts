// A PC on which there is no Chinese font: the one that comes with the program draws every letter.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./page";

/** What Debian has on any desktop, and no Chinese letter in it. */
const LATIN = "/usr/share/fonts/truetype/dejavu";
const folder = mkdtempSync(join(tmpdir(), "fonts-"));
let bare: Stage;
let usual: Stage;

beforeAll(async () => {
  const file = join(folder, "fonts.conf");
  writeFileSync(file, `<fontconfig><dir>${LATIN}</dir><cachedir>${folder}</cachedir></fontconfig>`);
  bare = await Stage.open(file);
  usual = await Stage.open();
});
afterAll(async () => {
  await bare.close();
  await usual.close();
  rmSync(folder, { recursive: true });
});

/** Which fonts draw the letters of an element, and whether they came with the page. */
async function drawnBy(page: Page, selector: string) {
  const session = await page.context().newCDPSession(page);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  const { root } = await session.send("DOM.getDocument");
  const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
  return (await session.send("CSS.getPlatformFontsForNode", { nodeId })).fonts;
}

const SIZE = { width: 1280, height: 800 };

test("where there is no Chinese font, ours draws the first screen and rare names", async () => {
  const { page } = await bare.show("station=kiosk&lang=zh-CN", SIZE);
  await expect
    .poll(async () => (await drawnBy(page, "h1")).every((font) => font.isCustomFont), { timeout: 20_000 })
    .toBe(true);
  await page.evaluate(() => {
    const heading = document.querySelector("h1");
    if (heading) heading.textContent = "欧阳娜娜单于仇晓吕翀龑骉玥祎珺犇";
  });
  await expect
    .poll(async () => (await drawnBy(page, "h1")).map((font) => font.isCustomFont), { timeout: 20_000 })
    .toEqual([true]);
});

test("where there is one, ours is not read", async () => {
  const { page } = await usual.show("station=kiosk&lang=zh-CN", SIZE);
  await page.waitForTimeout(1000);
  expect((await drawnBy(page, "h1")).some((font) => font.isCustomFont)).toBe(false);
  const loaded = await page.evaluate(
    () => [...document.fonts].filter((face) => face.status !== "unloaded").length,
  );
  const known = await page.evaluate(() => document.fonts.size);
  expect([known > 90, loaded]).toEqual([true, 0]);
});
