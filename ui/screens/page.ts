// Chromium, and the built page served on this machine.

import type { AddressInfo } from "node:net";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type PreviewServer, preview } from "vite";

/** As root on a machine without a display and without a network. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type Size = { width: number; height: number };

export class Stage {
  private constructor(
    readonly server: PreviewServer,
    readonly browser: Browser,
    readonly root: string,
  ) {}

  /** With other fonts of the system: a file of fontconfig. */
  static async open(fonts?: string): Promise<Stage> {
    const server = await preview({ preview: { port: 0, strictPort: false } });
    const { port } = server.httpServer.address() as AddressInfo;
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ARGS,
      env: { ...process.env, ...(fonts && { FONTCONFIG_FILE: fonts }) },
    });
    return new Stage(server, browser, `http://127.0.0.1:${port}/`);
  }

  async close() {
    await this.browser.close();
    await this.server.close();
  }

  /** A station on the memory desk. `said` gathers what the console and the page complain of. */
  async show(
    query: string,
    size: Size,
    clock = false,
    touch = false,
  ): Promise<{ page: Page; said: string[]; context: BrowserContext }> {
    const context = await this.browser.newContext({
      viewport: size,
      hasTouch: touch,
      reducedMotion: "reduce",
      timezoneId: "America/New_York",
    });
    // As the app does it.
    await context.addInitScript(() => Object.freeze(Object.prototype));
    const page = await context.newPage();
    if (clock) await page.clock.install();
    const said: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        said.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => said.push(`pageerror: ${error.message}`));
    await page.goto(`${this.root}?backend=memory&${query}`);
    await page.locator("html[data-ready=true]").waitFor();
    return { page, said, context };
  }
}

export const at = (test: string) => `[data-test="${test}"]`;

/** At the kiosk: past the phone number, which may stay empty, to the name. */
export async function toName(page: Page) {
  await page.click(at("kiosk-start"));
  await page.click(at("next"));
  await page.locator(at("field-name")).waitFor();
}
