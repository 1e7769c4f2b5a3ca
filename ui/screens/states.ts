// Every screen and state worth looking at, and how to get there on the memory desk.

import type { Page } from "playwright-core";
import { at, toName } from "./page";

export type Shown = { name: string; query: string; go?: (page: Page) => Promise<void>; clock?: boolean };

const LONG = "欧阳娜娜".repeat(10);
const RTL = "محمد بن عبد الله الطويل";
const HARSH = "<script>alert(1)</script> 🦊👩‍👩‍👧";

const key = (name: string) => `.hg-button[data-skbtn="${name}"]`;

async function walk(page: Page, name: string, phone = "13812345678", host = "李经理 Facilities") {
  await page.click(at("kiosk-start"));
  await page.fill(at("field-phone"), phone);
  await page.click(at("next"));
  await page.fill(at("field-name"), name);
  await page.click(at("next"));
  await page.fill(at("field-host"), host);
  await page.click(at("next"));
}

/** A mode that this screen does not need has no button. */
const ask = (mode: string) => async (page: Page) => {
  const button = page.locator(at(`mode-${mode}`));
  if (await button.isVisible()) await button.click();
};

const pass = (name: string) => async (page: Page) => {
  await walk(page, name);
  await page.click(at("get-pass"));
  await page.locator(at("pass-short-code")).waitFor();
};

const passReady = (name: string) => async (page: Page) => {
  await pass(name)(page);
  await page.locator(at("pass-picture")).waitFor();
  await page.waitForFunction(() => !document.querySelector("[data-test=pass-door][data-readiness=waiting]"));
};

const service = async (page: Page) => {
  for (let n = 0; n < 5; n++) await page.click(at("service-corner"));
  await page.locator(at("service-panel")).waitFor();
};

const choose = (n: number) => async (page: Page) => {
  await page.click(`${at("staff-name")} >> nth=${n}`);
  await page.locator(at("secret")).waitFor();
};

const typePin = async (page: Page, pin: string) => {
  for (const digit of pin) await page.click(at(`digit-${digit}`));
  await page.click(at("sign-in-go"));
};

const code = (text: string) => async (page: Page) => {
  await page.fill(at("code-input"), text);
  await page.press(at("code-input"), "Enter");
  await page.locator(at("verdict")).waitFor();
};

const press = async (page: Page) => {
  await page.click(`${at("door-tile")} >> nth=0`);
  await page.click(at("reason-visitor"));
  await page.click(at("release"));
  await page.locator(`${at("press-result")}:not([data-state=asked])`).waitFor();
};

export const states: Shown[] = [
  { name: "kiosk-start", query: "station=kiosk" },
  {
    name: "cannot-start",
    query: `station=kiosk&fault=${encodeURIComponent("vestibule.toml, door.zone: Mars/Base is not a time zone")}`,
  },
  { name: "kiosk-start-offline", query: "station=kiosk&net=down&queue=wedged" },
  ...(["easy", "contrast", "low"] as const).flatMap((mode) => [
    { name: `kiosk-${mode}-start`, query: "station=kiosk&net=down&queue=wedged", go: ask(mode) },
    {
      name: `kiosk-${mode}-host`,
      query: "station=kiosk",
      go: async (p: Page) => {
        await ask(mode)(p);
        await toName(p);
        await p.fill(at("field-name"), "王小明");
        await p.click(at("next"));
        if (await p.locator(key("{pinyin}")).count()) await p.click(key("{pinyin}"));
        for (const letter of "renshibu") await p.click(key(letter));
        await p.locator(at("offer")).first().waitFor();
      },
    },
    {
      name: `kiosk-${mode}-check`,
      query: "station=kiosk",
      go: async (p: Page) => {
        await ask(mode)(p);
        await walk(p, "王小明");
      },
    },
    {
      name: `kiosk-${mode}-pass`,
      query: "station=kiosk&slow=5",
      go: async (p: Page) => {
        await ask(mode)(p);
        await passReady("王小明")(p);
      },
    },
  ]),
  { name: "kiosk-name", query: "station=kiosk", go: toName },
  {
    name: "kiosk-name-fault",
    query: "station=kiosk",
    go: async (p) => {
      await toName(p);
      await p.click(at("next"));
    },
  },
  {
    name: "kiosk-name-pinyin",
    query: "station=kiosk",
    go: async (p) => {
      await toName(p);
      if (await p.locator(key("{pinyin}")).count()) await p.click(key("{pinyin}"));
      for (const letter of "ouyangnana") await p.click(key(letter));
      await p.locator(at("offer")).first().waitFor();
    },
  },
  {
    name: "kiosk-name-marks",
    query: "station=kiosk",
    go: async (p) => {
      await toName(p);
      if (await p.locator(key("{latin}")).count()) await p.click(key("{latin}"));
      await p.click(key("U"));
    },
  },
  {
    name: "kiosk-name-digits",
    query: "station=kiosk",
    go: async (p) => {
      await toName(p);
      await p.click(key("{digits}"));
    },
  },
  {
    name: "kiosk-phone",
    query: "station=kiosk",
    go: async (p) => {
      await p.click(at("kiosk-start"));
      for (const digit of "13800138000") await p.click(key(digit));
    },
  },
  {
    name: "kiosk-phone-fault",
    query: "station=kiosk",
    go: async (p) => {
      await walk(p, "王小明", "not a phone");
      await p.click(at("get-pass"));
      await p.locator(at("field-fault")).waitFor();
    },
  },
  {
    name: "kiosk-host",
    query: "station=kiosk",
    go: async (p) => {
      await toName(p);
      await p.fill(at("field-name"), "王小明");
      await p.click(at("next"));
      await p.fill(at("field-host"), "李经理");
    },
  },
  {
    name: "kiosk-host-hits",
    query: "station=kiosk&hosts",
    go: async (p) => {
      await toName(p);
      await p.fill(at("field-name"), "王小明");
      await p.click(at("next"));
      await p.fill(at("field-host"), "wxm");
      await p.locator(at("host-hit")).first().waitFor();
    },
  },
  {
    name: "kiosk-host-none",
    query: "station=kiosk&hosts",
    go: async (p) => {
      await toName(p);
      await p.fill(at("field-name"), "王小明");
      await p.click(at("next"));
      await p.fill(at("field-host"), "nobody");
    },
  },
  { name: "kiosk-invited", query: "station=kiosk", go: (p) => p.click(at("kiosk-invited")) },
  {
    name: "kiosk-invited-no-camera",
    query: "station=kiosk&camera=none",
    go: async (p) => {
      await p.click(at("kiosk-invited"));
      await p.locator(`${at("code-camera")}[data-state=failed]`).waitFor();
      for (const letter of "2222222") await p.click(key(letter));
      await p.click(at("next"));
      await p.locator(at("failure")).waitFor();
    },
  },
  {
    name: "kiosk-invited-known",
    query: "station=kiosk&seed=day",
    go: async (p) => {
      await p.click(at("kiosk-invited"));
      await p.fill(at("field-code"), "ABCD2345");
      await p.click(at("next"));
      await p.locator(at("known")).waitFor();
    },
  },
  {
    name: "kiosk-invited-check",
    query: "station=kiosk&seed=day",
    go: async (p) => {
      await p.click(at("kiosk-invited"));
      await p.fill(at("field-code"), "ABCD2345");
      await p.click(at("next"));
      await p.click(at("its-me"));
    },
  },
  { name: "kiosk-leaving", query: "station=kiosk", go: (p) => p.click(at("kiosk-leaving")) },
  {
    name: "kiosk-goodbye",
    query: "station=kiosk&seed=day",
    go: async (p) => {
      await p.click(at("kiosk-leaving"));
      await p.fill(at("field-code"), "W9YHC2PT");
      await p.click(at("next"));
      await p.locator(at("goodbye")).waitFor();
    },
  },
  { name: "kiosk-agreement", query: "station=kiosk&agreement", go: (p) => walk(p, "王小明") },
  {
    name: "kiosk-agreement-signed",
    query: "station=kiosk&agreement",
    go: async (p) => {
      await walk(p, "王小明");
      await p.click(at("agree"));
      await p.locator(at("failure")).waitFor();
    },
  },
  {
    name: "kiosk-agreement-full",
    query: "station=kiosk&agreement",
    go: async (p) => {
      await walk(p, "王小明");
      await p.click(at("agreement-read"));
    },
  },
  {
    name: "kiosk-agreement-typed",
    query: "station=kiosk&agreement",
    go: async (p) => {
      await walk(p, "王小明");
      await p.click(at("sign-typed"));
    },
  },
  {
    name: "kiosk-help-called",
    query: "station=kiosk",
    go: (p) => p.click(at("call-help")),
  },
  {
    name: "kiosk-rest",
    query: "station=kiosk",
    clock: true,
    go: async (p) => {
      await p.clock.runFor(61_000);
      await p.locator(at("rest")).waitFor();
    },
  },
  {
    name: "kiosk-rest-dark",
    query: "station=kiosk",
    clock: true,
    go: async (p) => {
      await p.clock.runFor(662_000);
      await p.locator(`${at("rest")}[data-dark=true]`).waitFor();
    },
  },
  {
    name: "kiosk-out-of-order",
    query: "station=kiosk&silentFrom=20&silentFor=600",
    clock: true,
    go: async (p) => {
      await p.clock.runFor(46_000);
      await p.locator(at("out-of-order")).waitFor();
    },
  },
  { name: "kiosk-check", query: "station=kiosk", go: (p) => walk(p, "王小明") },
  { name: "kiosk-check-long", query: "station=kiosk", go: (p) => walk(p, LONG, "", RTL) },
  { name: "kiosk-pass", query: "station=kiosk&slow=20", go: passReady("王小明") },
  {
    name: "kiosk-pass-turning",
    query: "station=kiosk&slow=100000",
    go: async (p) => {
      await pass("Zoë O'Neil")(p);
      await p.locator(at("pass-picture")).waitFor();
    },
  },
  { name: "kiosk-pass-print", query: "station=kiosk&slow=20&printer=onPaper", go: passReady("王小明") },
  ...(["onPaper", "sent", "noPaper", "printerUnreachable"] as const).map((end) => ({
    name: `kiosk-pass-print-${end}`,
    query: `station=kiosk&slow=20&printer=${end}`,
    go: async (p: Page) => {
      await passReady("欧阳娜娜")(p);
      await p.click(at("print"));
      await p.locator(`${at("print-said")}:not(:empty)`).waitFor();
    },
  })),
  {
    name: "kiosk-pass-print-long-8-doors",
    query: "station=kiosk&slow=5&doors=8&printer=printerUnreachable",
    go: async (p: Page) => {
      await passReady(LONG)(p);
      await p.click(at("print"));
      await p.locator(`${at("print-said")}:not(:empty)`).waitFor();
    },
  },
  { name: "kiosk-pass-long-8-doors", query: "station=kiosk&slow=5&doors=8", go: passReady(LONG) },
  { name: "kiosk-pass-rtl", query: "station=kiosk&slow=5", go: passReady(RTL) },
  { name: "kiosk-pass-harsh", query: "station=kiosk&slow=5", go: passReady(HARSH) },
  { name: "kiosk-pass-making", query: "station=kiosk&stall=1", go: pass("王小明") },
  { name: "kiosk-pass-spare", query: "station=kiosk&net=down&spares=1", go: pass("王小明") },
  { name: "kiosk-pass-offline", query: "station=kiosk&net=down", go: pass("王小明") },
  {
    name: "kiosk-still-here",
    query: "station=kiosk",
    clock: true,
    go: async (p) => {
      await p.click(at("kiosk-start"));
      await p.clock.runFor(63_000);
      await p.locator(at("still-here")).waitFor();
    },
  },
  { name: "service-panel", query: "station=kiosk&seed=day&net=down&queue=wedged", go: service },
  {
    name: "service-panel-drop",
    query: "station=reception&seed=day&queue=wedged&spares=20",
    go: async (p) => {
      await service(p);
      await p.click(at("queue-drop"));
    },
  },
  { name: "service-panel-no-key", query: "station=guard&nokey=1", go: service },
  { name: "service-panel-quiet", query: "station=kiosk", go: service },
  { name: "service-panel-real", query: "station=kiosk&demo=no", go: service },

  { name: "reception-empty", query: "station=reception" },
  { name: "reception-day", query: "station=reception&seed=day" },
  {
    name: "reception-help",
    query: "station=reception&seed=day&help",
    go: (p) => p.locator(at("help-call")).waitFor(),
  },
  {
    name: "reception-invite",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.click(at("new-invitation"));
      await p.click(at("invite"));
      await p.locator(at("field-fault")).waitFor();
    },
  },
  {
    name: "reception-invitation",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.click(at("tab-expected"));
      await p.click(`${at("invitation")} >> nth=0`);
      await p.locator(at("invitation-panel")).waitFor();
    },
  },
  {
    name: "reception-signature",
    query: "station=reception&seed=day&signed",
    go: async (p) => {
      await p.click(`${at("show-pass")} >> nth=0`);
      await p.locator(at("signature")).waitFor();
    },
  },
  { name: "reception-held", query: "station=reception&seed=day&held=900" },
  { name: "kiosk-held-soon", query: "station=kiosk&held=45" },
  { name: "guard-held-soon", query: "station=guard&seed=day&held=45" },
  { name: "reception-busy", query: "station=reception&seed=day&net=busy&queue=wedged" },
  { name: "reception-day-offline", query: "station=reception&seed=day&net=down&queue=wedged&doors=6" },
  { name: "reception-expected", query: "station=reception&seed=day", go: (p) => p.press("body", "Alt+2") },
  { name: "reception-expected-none", query: "station=reception", go: (p) => p.click(at("tab-expected")) },
  { name: "reception-inside", query: "station=reception&seed=day", go: (p) => p.click(at("tab-inside")) },
  { name: "reception-overdue", query: "station=reception&seed=day", go: (p) => p.click(at("tab-overdue")) },
  { name: "reception-waiting", query: "station=reception&seed=day", go: (p) => p.click(at("tab-waiting")) },
  { name: "reception-list-none", query: "station=reception", go: (p) => p.click(at("tab-overdue")) },
  {
    name: "reception-leaving",
    query: "station=reception&seed=day",
    clock: true,
    go: async (p) => {
      for (const n of [0, 2]) await p.click(`${at("sign-out")} >> nth=${n}`);
      await p.clock.runFor(3000);
      await p.getByText(/^7 (s|秒)$/).waitFor();
    },
  },
  { name: "reception-scan", query: "station=reception&seed=day", go: (p) => p.press("body", "F4") },
  {
    name: "reception-scan-unknown",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.press("body", "F4");
      await p.fill(at("field-scan"), "2222 2222");
      await p.press(at("field-scan"), "Enter");
      await p.locator(at("unknown-pass")).waitFor();
    },
  },
  {
    name: "reception-alike-phone",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.press("body", "F2");
      await p.fill(at("field-phone"), "138 1234 5678");
      await p.click(at("alike-show"));
    },
  },
  {
    name: "reception-alike-name",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.press("body", "F2");
      await p.fill(at("field-name"), LONG);
      await p.fill(at("field-host"), "一个名字特别特别特别特别特别长的部门和它同样特别长的办公室");
      await p.locator(at("alike")).waitFor();
    },
  },
  { name: "reception-search", query: "station=reception&seed=day", go: (p) => p.fill(at("search"), "王") },
  { name: "reception-form", query: "station=reception&seed=day&doors=6", go: (p) => p.press("body", "F2") },
  {
    name: "reception-form-faults",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.press("body", "F2");
      await p.fill(at("field-phone"), "abc");
      await p.click(at("register"));
      await p.locator(at("field-fault")).first().waitFor();
    },
  },
  {
    name: "reception-form-local-faults",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.press("body", "F2");
      await p.fill(at("field-until"), "soon");
      await p.fill(at("field-times"), "-1");
      await p.click(at("register"));
      await p.locator(at("field-fault")).first().waitFor();
    },
  },
  {
    name: "reception-pass",
    query: "station=reception&seed=day",
    go: async (p) => {
      await p.click(`${at("show-pass")} >> nth=2`);
      await p.locator(at("pass-picture")).waitFor();
    },
  },
  ...(["onPaper", "coverOpen", "printUnsure", "printedBefore"] as const).map((end) => ({
    name: `reception-print-${end}`,
    query: `station=reception&seed=day&printer=${end}`,
    go: async (p: Page) => {
      await p.click(`${at("show-pass")} >> nth=2`);
      await p.locator(at("pass-picture")).waitFor();
      await p.keyboard.press("F6");
      await p.locator(`${at("print-said")}:not(:empty)`).waitFor();
    },
  })),
  {
    name: "reception-pass-waiting",
    query: "station=reception&seed=day&net=down",
    go: (p) => p.click(`${at("show-pass")} >> nth=3`),
  },
  {
    name: "reception-revoke",
    query: "station=reception&seed=day",
    go: (p) => p.click(`${at("revoke")} >> nth=1`),
  },
  {
    name: "reception-search-none",
    query: "station=reception&seed=day",
    go: (p) => p.fill(at("search"), "nobody of that name"),
  },

  { name: "staff-locked-reception", query: "station=reception&seed=day&staff=day" },
  { name: "staff-pin", query: "station=reception&seed=day&staff=day", go: choose(1) },
  {
    name: "staff-wrong",
    query: "station=reception&staff=day",
    go: async (p) => {
      await choose(0)(p);
      await typePin(p, "735194");
      await p.locator(at("sign-in-fault")).waitFor();
    },
  },
  {
    name: "staff-wait",
    query: "station=reception&staff=day&proof=wait",
    go: async (p) => {
      await choose(0)(p);
      await typePin(p, "735194");
      await p.locator(at("sign-in-fault")).waitFor();
    },
  },
  {
    name: "staff-used-up",
    query: "station=reception&staff=day&proof=usedUp",
    go: async (p) => {
      await choose(0)(p);
      await typePin(p, "735194");
      await p.locator(at("sign-in-fault")).waitFor();
    },
  },
  { name: "staff-locked-guard", query: "station=guard&seed=day&staff=day" },
  {
    name: "staff-locked-guard-pin",
    query: "station=guard&seed=day&staff=day",
    go: async (p) => {
      await p.click(at("sign-in-open"));
      await choose(1)(p);
    },
  },
  { name: "staff-locked-guard-verdict", query: "station=guard&seed=day&staff=day", go: code("valid") },
  { name: "staff-signed-in-guard", query: "station=guard&seed=day&staff=day&as=guard" },
  { name: "staff-signed-in-reception", query: "station=reception&seed=day&staff=day&as=reception" },
  {
    name: "staff-approve",
    query: "station=guard&seed=day&staff=day&as=guard",
    go: async (p) => {
      await p.click(`${at("door-tile")} >> nth=0`);
      await p.click(at("hold-30"));
      await p.locator(at("staff-name")).first().waitFor();
    },
  },
  { name: "staff-none", query: "station=guard&seed=day", go: service },
  { name: "staff-accounts", query: "station=guard&seed=day&staff=day&as=admin", go: service },
  {
    name: "staff-add",
    query: "station=guard&seed=day&staff=day&as=admin",
    go: async (p) => {
      await service(p);
      await p.click(at("add-account"));
      await p.fill(at("account-name"), "Wei");
      await p.fill(at("account-secret"), "123456");
      await p.fill(at("account-again"), "123456");
      await p.click(at("account-save"));
      await p.locator(at("accounts-fault")).waitFor();
    },
  },
  { name: "staff-not-admin", query: "station=guard&seed=day&staff=day&as=guard", go: service },

  { name: "guard-quiet", query: "station=guard&seed=day" },
  {
    name: "guard-scanning",
    query: "station=guard&seed=day",
    go: async (p) => {
      await p.click(at("scan-toggle"));
      await p.locator(`${at("camera-view")} img.seen`).waitFor();
    },
  },
  {
    name: "guard-camera-lost",
    query: "station=guard&seed=day&camera=cameraLost",
    go: async (p) => {
      await p.click(at("scan-toggle"));
      await p.locator(`${at("camera-view")}[data-state=failed]`).waitFor();
    },
  },
  ...(
    [
      "valid",
      "again",
      "spare",
      "revoked",
      "signedOut",
      "notYet",
      "expired",
      "limitUsed",
      "wrongDoor",
      "notAPass",
      "address",
      "notIssuedHere",
      "noSuchShortCode",
      "garbled",
      "doorGone",
      "notReady",
      "notTold",
      "notTaken",
      "stale",
      "clockOff",
      "clockBack",
    ] as const
  ).map((reason) => ({ name: `guard-${reason}`, query: "station=guard&seed=day", go: code(reason) })),
  { name: "guard-long-name", query: "station=guard&seed=day&doors=8", go: code("P2WVX6YC") },
  { name: "guard-stop-harsh", query: "station=guard&seed=day&net=down&queue=wedged", go: code("R4SZ7TUV") },
  {
    name: "guard-armed",
    query: "station=guard&seed=day",
    go: async (p) => {
      await p.click(`${at("door-tile")} >> nth=0`);
      await p.click(at("reason-delivery"));
    },
  },
  {
    name: "guard-armed-with-verdict",
    query: "station=guard&seed=day",
    go: async (p) => {
      await code("stale")(p);
      await p.click(`${at("door-tile")} >> nth=0`);
    },
  },
  {
    name: "guard-chosen",
    query: "station=guard&seed=day&held=900",
    go: async (p) => {
      await p.keyboard.press("2");
      await p.keyboard.down("Space");
      await p.locator(at("hold-ring")).waitFor();
      await p.evaluate(() => window.dispatchEvent(new Event("blur")));
    },
  },
  {
    name: "guard-confirmed",
    query: "station=guard&seed=day",
    go: async (p) => {
      // As slow as a hand: quicker keys are a scanner's.
      for (const key of ["2", "Enter", "Enter"]) {
        await p.keyboard.press(key);
        await p.waitForTimeout(60);
      }
      await p.locator(at("armed")).waitFor();
    },
  },
  {
    name: "guard-note",
    query: "station=guard&seed=day",
    go: async (p) => {
      await p.click(`${at("door-tile")} >> nth=0`);
      await p.click(at("reason-other"));
      await p.click(at("release"));
      await p.locator(at("note")).waitFor();
    },
  },
  {
    name: "guard-locked-out",
    query: "station=guard&seed=day&doors=8",
    go: async (p) => {
      await press(p);
      await p.locator(at("lock-out")).waitFor();
    },
  },
  {
    name: "guard-past",
    query: "station=guard&seed=day",
    go: async (p) => {
      await code("R4SZ7TUV")(p);
      await p.keyboard.press("Escape");
      await p.click(at("scan-row"));
    },
  },
  {
    name: "guard-half-a-scan",
    query: "station=guard&seed=day",
    go: async (p) => {
      await p.evaluate(() => {
        for (const letter of "ABCD\n") {
          const key = letter === "\n" ? "Enter" : letter;
          const code = letter === "\n" ? "Enter" : `Key${letter}`;
          document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true }));
        }
      });
      await p.locator(at("failure")).waitFor();
    },
  },
  { name: "guard-accepted", query: "station=guard&seed=day", go: press },
  { name: "guard-refused", query: "station=guard&seed=day&press=refused", go: press },
  { name: "guard-unknown", query: "station=guard&seed=day&press=unknown&doors=8", go: press },
  {
    name: "guard-press-offline",
    query: "station=guard&seed=day&net=down",
    go: async (p) => {
      await p.click(`${at("door-tile")} >> nth=0`);
      await p.locator(at("press-result")).waitFor();
    },
  },
];

export const sizes = [
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1366, height: 768 },
  { width: 1280, height: 800 },
];
