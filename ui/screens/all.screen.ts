// Pictures of every screen and state, in both languages and all sizes, under screens-out/. Each must be free of
// console errors, of axe's findings, of anything that is cut, and of anything wider than the window.
// ONLY=<part of a name> and SIZES=<1366x768,…> narrow it while one works on a screen.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "./page";
import { sizes, states } from "./states";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const only = process.env.ONLY ?? "";
let stage: Stage;

beforeAll(async () => {
  mkdirSync("screens-out", { recursive: true });
  stage = await Stage.open();
});
afterAll(() => stage.close());

const shown = states.filter((state) => state.name.includes(only));
const used =
  process.env.SIZES?.split(",").map((size) => {
    const [width = 0, height = 0] = size.split("x").map(Number);
    return { width, height };
  }) ?? sizes;

describe.each(shown)("$name", (state) => {
  // Side by side: each language is a page of its own, and there are two cores.
  test.concurrent.each(["zh-CN", "en"])("%s", async (language) => {
    const faults: string[] = [];
    const [first = { width: 1280, height: 800 }] = used;
    // One page for all sizes, turned from one to the next as a person turns a screen.
    const { page, said, context } = await stage.show(`${state.query}&lang=${language}`, first, state.clock);
    await state.go?.(page);
    await page.evaluate(() => document.fonts.ready);
    for (const size of used) {
      const label = `${state.name} ${language} ${size.width}x${size.height}`;
      await page.setViewportSize(size);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.screenshot({
        path: `screens-out/${state.name}.${language}.${size.width}x${size.height}.png`,
      });

      faults.push(...(await page.evaluate(look)).map((fault) => `${label}: ${fault}`));
      // axe runs on one size only: it judges colours and names, not places. Desks are looked at by night as well.
      const schemes = state.query.includes("station=kiosk") ? [] : (["dark"] as const);
      for (const scheme of size === first ? (["light", ...schemes] as const) : []) {
        await page.emulateMedia({ colorScheme: scheme });
        if (scheme === "dark")
          await page.screenshot({ path: `screens-out/${state.name}.${language}.dark.png` });
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: {
                run(): Promise<{
                  violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[];
                }>;
              };
            }
          ).axe.run();
          return violations.map(
            (v) =>
              `${v.id}: ${v.nodes.map((n) => `${String(n.target)} ${n.failureSummary ?? ""}`).join(" | ")}`,
          );
        });
        faults.push(...found.map((fault) => `${label} ${scheme}: axe ${fault}`));
      }
      await page.emulateMedia({ colorScheme: "light" });
    }
    faults.push(...said.map((line) => `${state.name} ${language}: ${line}`));
    await context.close();
    expect(faults).toEqual([]);
  });
});

/** In the page: what sticks out of the window, or is cut without saying so by an ellipsis. */
function look(): string[] {
  const found: string[] = [];
  const wide = document.documentElement;
  if (wide.scrollWidth > innerWidth) found.push(`the page is ${wide.scrollWidth} wide`);
  const dialog = document.querySelector("dialog[open]");
  for (const element of (dialog ?? document.body).querySelectorAll<HTMLElement>("*")) {
    if (element.closest("svg, [inert], .unseen")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none") continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const name = `${element.tagName.toLowerCase()}.${element.className} "${element.textContent?.trim().slice(0, 30)}"`;
    let scrolls = false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      const how = getComputedStyle(up);
      if (how.overflowY === "auto" || how.overflowX === "auto") scrolls = true;
    }
    if (
      !scrolls &&
      (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)
    )
      found.push(
        `${name} sticks out: ${Math.round(box.left)},${Math.round(box.top)} ${Math.round(box.right)},${Math.round(box.bottom)}`,
      );
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    const mayCut = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (
      own &&
      !mayCut &&
      element.scrollWidth > element.clientWidth + 1 &&
      style.display !== "inline" &&
      element.clientWidth > 0
    )
      found.push(`${name} is cut sideways: ${element.scrollWidth} in ${element.clientWidth}`);
    // A box of fixed place must hold what is in it.
    if (
      ["MAIN", "SECTION", "NAV", "FORM", "ASIDE"].includes(element.tagName) &&
      style.overflowY === "visible"
    ) {
      for (const child of element.children) {
        const inner = child.getBoundingClientRect();
        if (getComputedStyle(child).position === "absolute" || child.matches(".unseen")) continue;
        if (box.height > 0 && inner.height > 0 && inner.bottom > box.bottom + 2)
          found.push(
            `${name} is too low for its content: ${Math.round(inner.bottom)} over ${Math.round(box.bottom)}`,
          );
      }
    }
  }
  return found;
}
