// Times in words, always on the door's own wall clock, never on this computer's.

import type { Language, UtcMillis, Window } from "../bindings.gen";
import { type Words, words } from "./words";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, zone: string, what: "clock" | "date" | "day"): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${what}`;
  const known = formats.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions =
    what === "clock"
      ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : what === "date"
        ? { year: "numeric", month: "numeric", day: "numeric" }
        : { weekday: "short", day: "numeric", month: "short" };
  const plain = { calendar: "gregory", numberingSystem: "latn" };
  const locale = language === "en" ? "en-GB" : language;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat(locale, { ...options, ...plain, timeZone: zone });
  } catch {
    made = new Intl.DateTimeFormat(locale, { ...options, ...plain, timeZone: "UTC" });
  }
  formats.set(key, made);
  return made;
}

// Always by parts: how they are put together differs between browsers and their versions.
function parts(
  at: UtcMillis,
  form: Intl.DateTimeFormat,
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  return Object.fromEntries(form.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** "18:00" on the wall clock of `zone`. */
export function clock(at: UtcMillis, zone: string): string {
  const { hour = "", minute = "" } = parts(at, format("en", zone, "clock"));
  return `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
}

/** "2026-11-24": for paper, which is read on another day. */
export function date(at: UtcMillis, zone: string): string {
  const { year = "", month = "", day = "" } = parts(at, format("en", zone, "date"));
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Which day it is there, as a number that grows by one a day. */
function dayNumber(at: UtcMillis, zone: string): number {
  const { year, month, day } = parts(at, format("en", zone, "date"));
  return Math.round(Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY);
}

/** Whether two moments lie on one day there. */
export function sameDay(one: UtcMillis, other: UtcMillis, zone: string): boolean {
  return dayNumber(one, zone) === dayNumber(other, zone);
}

/** "Fri 27 Nov", "11月27日周五". */
function dayName(at: UtcMillis, zone: string, language: Language): string {
  const form = format(language, zone, "day");
  if (language !== "en") return form.format(at);
  const { weekday, day, month } = parts(at, form);
  return `${weekday} ${day} ${month}`;
}

function dayWord(at: UtcMillis, zone: string, now: UtcMillis, language: Language): string {
  const w = words[language].when;
  const ahead = dayNumber(at, zone) - dayNumber(now, zone);
  if (ahead === 0) return w.todayWord;
  if (ahead === 1) return w.tomorrowWord;
  if (ahead === -1) return w.yesterdayWord;
  return dayName(at, zone, language);
}

/** "today 18:00", "yesterday 09:30", "Fri, 27 Nov, 18:00". */
export function moment(at: UtcMillis, zone: string, now: UtcMillis, language: Language): string {
  const w = words[language].when;
  const ahead = dayNumber(at, zone) - dayNumber(now, zone);
  const time = clock(at, zone);
  if (ahead === 0) return w.today(time);
  if (ahead === 1) return w.tomorrow(time);
  if (ahead === -1) return w.yesterday(time);
  return w.onDay(dayName(at, zone, language), time);
}

/** The time alone when it is today, with its day otherwise. */
export function shortMoment(at: UtcMillis, zone: string, now: UtcMillis, language: Language): string {
  return dayNumber(at, zone) === dayNumber(now, zone) ? clock(at, zone) : moment(at, zone, now, language);
}

/** A pass's window as a visitor would say it. */
export function windowInWords(window: Window, zone: string, now: UtcMillis, language: Language): string {
  const w = words[language].when;
  if (window.until <= now) return w.ended(moment(window.until, zone, now, language));
  const sameDay = dayNumber(window.from, zone) === dayNumber(window.until, zone);
  if (window.from > now) {
    return sameDay
      ? w.sameDay(
          dayWord(window.from, zone, now, language),
          clock(window.from, zone),
          clock(window.until, zone),
        )
      : w.fromTo(moment(window.from, zone, now, language), moment(window.until, zone, now, language));
  }
  const ahead = dayNumber(window.until, zone) - dayNumber(now, zone);
  const time = clock(window.until, zone);
  if (ahead === 0) return time === "23:59" ? w.untilEndOfDay : w.untilToday(time);
  if (ahead === 1) return time === "00:00" ? w.untilEndOfDay : w.untilTomorrow(time);
  return w.untilDay(dayName(window.until, zone, language), time);
}

/** "20 s", "47 min", "3 h": one unit, rounded down, as people say it. */
export function length(ms: number, w: Words): string {
  if (ms < MINUTE) return w.when.seconds(Math.max(0, Math.floor(ms / SECOND)));
  if (ms < 2 * HOUR) return w.when.minutes(Math.floor(ms / MINUTE));
  if (ms < 2 * DAY) return w.when.hours(Math.floor(ms / HOUR));
  return w.when.days(Math.floor(ms / DAY));
}

export function ago(ms: number, w: Words): string {
  return ms < 5 * SECOND ? w.when.justNow : w.when.ago(length(ms, w));
}

/** The moment at which the wall clock of `zone` shows `typed` ("18:00", "9.30", "1800") on the day of `now`. */
export function todayAt(typed: string, zone: string, now: UtcMillis): UtcMillis | null {
  const found = /^\s*(\d{1,2})\s*[:：.]?\s*(\d{2})\s*$/.exec(typed);
  if (!found) return null;
  const hour = Number(found[1]);
  const minute = Number(found[2]);
  if (hour > 23 || minute > 59) return null;
  const wanted = dayNumber(now, zone) * DAY + hour * HOUR + minute * MINUTE;
  let guess = wanted;
  // Twice: the first step may land on the other side of a change of clocks.
  for (let n = 0; n < 2; n++) guess += wanted - wallAsUtc(guess, zone);
  return guess;
}

function wallAsUtc(at: UtcMillis, zone: string): number {
  const [hour, minute] = clock(at, zone).split(":").map(Number);
  return dayNumber(at, zone) * DAY + (hour ?? 0) * HOUR + (minute ?? 0) * MINUTE;
}
