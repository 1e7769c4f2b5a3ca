// What every language must be able to say. The Chinese file is the original; this type is read off it, so a missing
// sentence in another language does not compile.

import type { Language } from "../bindings.gen";
import { en } from "./en";
import { zhCN } from "./zh-CN";

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { [K in keyof T]: Widened<T[K]> };

export type Words = Widened<typeof zhCN>;

export const words: Record<Language, Words> = { "zh-CN": zhCN, en };

/** Each language in its own tongue, the same on every screen. */
export const languageNames: Record<Language, string> = { "zh-CN": "中文", en: "English" };

/** What the keyboard's own language key says: the script it leads to, the same on every screen. */
export const scriptNames = { pinyin: "中", latin: "EN" };
