// What a test looks for in the page that no locator finds.

import type { Page } from "playwright-core";

/** All that the page holds of what was typed: what it shows, what stands in its fields, and what it has stored. */
export function traces(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const fields = [...document.querySelectorAll("input, textarea, select")].map(
      (field) => (field as HTMLInputElement).value + (field as HTMLInputElement).defaultValue,
    );
    const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href];
    kept.push(history.state, getSelection()?.toString(), document.title, window.name);
    for (const { name } of await indexedDB.databases()) {
      const base = await new Promise<IDBDatabase>((done, failed) => {
        const asked = indexedDB.open(name ?? "");
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      kept.push(name, ...base.objectStoreNames);
      for (const store of base.objectStoreNames)
        kept.push(
          await new Promise((done, failed) => {
            const asked = base.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => done(asked.result);
            asked.onerror = () => failed(asked.error);
          }),
        );
      base.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        kept.push(request.url, await (await cache.match(request))?.text());
    }
    const keyboards = (window as unknown as { SimpleKeyboardInstances?: Record<string, { input: unknown }> })
      .SimpleKeyboardInstances;
    kept.push(Object.values(keyboards ?? {}).map((keyboard) => keyboard.input));
    return document.documentElement.outerHTML + JSON.stringify([fields, kept]);
  });
}

/** How much lighter the text is than what is behind it, or the other way round, as WCAG counts. */
export function contrast(page: Page, selector: string): Promise<number> {
  return page.evaluate((wanted) => {
    const element = document.querySelector(wanted);
    if (!element) throw new Error(`${wanted} is not there`);
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = (colour: string) => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    let behind: Element | null = element;
    while (behind && (channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0)
      behind = behind.parentElement;
    if (!behind) throw new Error("nothing is behind it");
    const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(light);
    if (a === undefined || b === undefined) throw new Error("no colour");
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }, selector);
}
