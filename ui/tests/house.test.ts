// House rules that the compiler does not see.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|svelte)$/.test(name))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(join(root, name), "utf8") }));

test("only backend/tauri.ts and the generated contract know Tauri", () => {
  const who = files.filter(({ text }) => /@tauri-apps|\binvoke\(/.test(text)).map(({ name }) => name);
  expect(who.filter((name) => name !== "backend/tauri.ts" && name !== "bindings.gen.ts")).toEqual([]);
});

test("nothing is ever put into the page as markup", () => {
  const who = files.filter(({ text }) => /\{@html|innerHTML|insertAdjacentHTML|document\.write/.test(text));
  expect(who.map(({ name }) => name)).toEqual([]);
});

test("no style that the content policy would refuse", () => {
  const who = files.filter(({ name, text }) => name.endsWith(".svelte") && /\sstyle="/.test(text));
  expect(who.map(({ name }) => name)).toEqual([]);
});

test("no visible text outside words/", () => {
  const found: string[] = [];
  for (const { name, text } of files.filter((file) => file.name.endsWith(".svelte"))) {
    const markup = text
      .replace(/<script[\s\S]*?<\/script>/g, "")
      .replace(/<style[\s\S]*?<\/style>/g, "")
      .replace(/<!--[\s\S]*?-->/g, "");
    if (/\p{Script=Han}/u.test(markup)) found.push(`${name}: Chinese`);
    for (const [, inner] of withoutBraces(markup).matchAll(/>([^<>]*)</g)) {
      const letters = inner?.replace(/&\w+;/g, "").match(/\p{L}{2,}/gu) ?? [];
      const spoken = letters.filter((word) => !KEYS.has(word));
      if (spoken.length > 0) found.push(`${name}: ${spoken.join(" ")}`);
    }
    for (const [, said] of withoutBraces(markup).matchAll(
      /(?:placeholder|aria-label|title|alt)="([^"]*\p{L}[^"]*)"/gu,
    )) {
      found.push(`${name}: ${said}`);
    }
  }
  expect(found).toEqual([]);
});

/** What is printed on the keys themselves. */
const KEYS = new Set(["Esc", "Alt", "F2", "F3"]);

function withoutBraces(markup: string): string {
  let depth = 0;
  let out = "";
  for (const letter of markup.replaceAll("=>", "")) {
    if (letter === "{") depth += 1;
    else if (letter === "}") depth -= 1;
    else if (depth === 0) out += letter;
  }
  return out;
}
