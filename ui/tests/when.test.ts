import { describe, expect, test } from "vitest";
import { ago, date, length, moment, todayAt, windowInWords } from "../src/words/when";
import { words } from "../src/words/words";

const SHANGHAI = "Asia/Shanghai";
const BERLIN = "Europe/Berlin";
const utc = (text: string) => Date.parse(`${text}Z`);

describe("a window in words, on the door's wall clock", () => {
  // 14:03 in Shanghai, still the morning in Berlin.
  const now = utc("2026-11-24T06:03:00");
  const from = utc("2026-11-24T05:00:00");
  const cases: [string, number, number, string, string][] = [
    ["ends today", from, utc("2026-11-24T10:00:00"), "today until 18:00", "今天 18:00 前有效"],
    ["ends with the day", from, utc("2026-11-24T15:59:59"), "today until midnight", "今天全天有效"],
    ["ends at midnight", from, utc("2026-11-24T16:00:00"), "today until midnight", "今天全天有效"],
    ["ends tomorrow", from, utc("2026-11-25T02:00:00"), "until tomorrow 10:00", "明天 10:00 前有效"],
    ["ends later", from, utc("2026-11-27T10:00:00"), "until Fri 27 Nov, 18:00", "11月27日周五 18:00 前有效"],
    [
      "begins later today",
      utc("2026-11-24T07:00:00"),
      utc("2026-11-24T08:00:00"),
      "today 15:00 to 16:00",
      "今天 15:00 至 16:00",
    ],
    [
      "begins tomorrow",
      utc("2026-11-25T01:00:00"),
      utc("2026-11-25T02:00:00"),
      "tomorrow 09:00 to 10:00",
      "明天 09:00 至 10:00",
    ],
    ["is over", from, utc("2026-11-24T05:30:00"), "ended today 13:30", "已于今天 13:30 到期"],
    ["ends this very moment", from, now, "ended today 14:03", "已于今天 14:03 到期"],
  ];
  test.each(cases)("%s", (_, start, until, en, zh) => {
    const window = { from: start, until };
    expect(windowInWords(window, SHANGHAI, now, "en")).toBe(en);
    expect(windowInWords(window, SHANGHAI, now, "zh-CN")).toBe(zh);
  });

  test("the day is the door's day, not this computer's", () => {
    const late = utc("2026-11-24T16:30:00");
    expect(moment(late, SHANGHAI, now, "en")).toBe("tomorrow 00:30");
    expect(moment(late, BERLIN, now, "en")).toBe("today 17:30");
  });

  test("a zone nobody knows is shown as UTC rather than breaking the screen", () => {
    expect(moment(now, "Nowhere/Land", now, "en")).toBe("today 06:03");
  });
});

describe("a typed time of today", () => {
  const now = utc("2026-11-24T06:03:00");
  test.each(["18:00", "18.00", "1800", " 18：00 "])("%s", (typed) => {
    expect(todayAt(typed, SHANGHAI, now)).toBe(utc("2026-11-24T10:00:00"));
  });
  test.each(["", "soon", "25:00", "12:60", "18:0", "-1:00"])("%j is none", (typed) => {
    expect(todayAt(typed, SHANGHAI, now)).toBeNull();
  });
  test("across a change of clocks it is still that wall time", () => {
    // Berlin, 25 October 2026: at 03:00 the clocks go back.
    expect(todayAt("18:00", BERLIN, utc("2026-10-24T23:30:00"))).toBe(utc("2026-10-25T17:00:00"));
    expect(todayAt("01:30", BERLIN, utc("2026-10-25T12:00:00"))).toBe(utc("2026-10-24T23:30:00"));
  });
});

test("lengths keep to one unit and never go below nothing", () => {
  expect(
    [-5, 0, 59_999, 60_000, 119 * 60_000, 120 * 60_000, 49 * 3_600_000].map((ms) => length(ms, words.en)),
  ).toEqual(["0 s", "0 s", "59 s", "1 min", "119 min", "2 h", "2 days"]);
  expect(ago(1000, words.en)).toBe("just now");
  expect(ago(47 * 60_000, words["zh-CN"])).toBe("47 分钟前");
});

test("a date for paper is that of the door", () => {
  expect(date(Date.UTC(2026, 0, 4, 16, 0), "Asia/Shanghai")).toBe("2026-01-05");
});
