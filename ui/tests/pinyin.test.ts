// The dictionary as the build makes it, and what the keyboard offers from it.

import { beforeAll, describe, expect, test } from "vitest";
import { type Dictionary, loadDictionary } from "../src/pinyin/dictionary";
import { offers, type Place } from "../src/pinyin/offers";
import { split } from "../src/pinyin/split";

const SURNAME: Place = { name: true, first: true };
const GIVEN: Place = { name: true, first: false };
const OTHER: Place = { name: false, first: true };
let dictionary: Dictionary;

beforeAll(async () => {
  dictionary = await loadDictionary();
}, 30_000);

const texts = (letters: string, place = SURNAME) =>
  offers(letters, place, dictionary).map(({ text }) => text);
const ways = (letters: string) => split(letters, dictionary).map(({ syllables }) => syllables.join(" "));

describe("letters become syllables", () => {
  test("in all their ways, few and long ones first", () => {
    expect(ways("xian")[0]).toBe("xian");
    expect(ways("xian")).toContain("xi an");
    expect(ways("fangan")).toEqual(expect.arrayContaining(["fang an", "fan gan"]));
    expect(ways("ouyangnana")[0]).toBe("ou yang na na");
  });

  test("an apostrophe parts them", () => {
    expect(ways("xi'an")).toEqual(["xi an"]);
    expect(ways("xi''an'")).toEqual(["xi an"]);
    expect(split("xi'an", dictionary)[0]?.ends).toEqual([3, 5]);
  });

  test("the last one may be only begun, and what is no pinyin is left over", () => {
    expect(split("wangx", dictionary)[0]).toEqual({ syllables: ["wang", "x"], ends: [4, 5], open: true });
    expect(split("niqqq", dictionary)[0]).toEqual({ syllables: ["ni", "q"], ends: [2, 3], open: true });
    expect(ways("'")).toEqual([]);
    expect(ways("uuu")).toEqual([]);
    expect(ways("v")).toEqual([]);
  });

  test("a long line of letters is split at once", () => {
    const began = performance.now();
    expect(ways("xianxianxianxianxianxianxianxianxianxian")).not.toEqual([]);
    texts("a".repeat(60));
    texts("zhuang".repeat(20));
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe("in a name", () => {
  test.each([
    ["shan", "单"],
    ["qiu", "仇"],
    ["ou", "区"],
    ["xie", "解"],
    ["zha", "查"],
    ["zeng", "曾"],
    ["piao", "朴"],
    ["ren", "任"],
    ["ge", "盖"],
    ["yuchi", "尉迟"],
    ["chanyu", "单于"],
    ["moqi", "万俟"],
    ["ouyang", "欧阳"],
    ["tantai", "澹台"],
    ["zhangsun", "长孙"],
    ["linghu", "令狐"],
    ["lv", "吕"],
    ["lyu", "吕"],
    ["lü", "吕"],
  ])("%s: %s is among the first seven", (letters, surname) => {
    expect(texts(letters).slice(0, 7)).toContain(surname);
  });

  test("surnames come before everything else", () => {
    expect(texts("wang")[0]).toBe("王");
    expect(texts("w").slice(0, 4)).toEqual(expect.arrayContaining(["王", "吴"]));
    expect(texts("xian").slice(0, 7)).toEqual(expect.arrayContaining(["冼", "西安"]));
    expect(texts("xi'an").slice(0, 5)).toContain("西安");
  });

  test("the whole name may be typed at once, or part by part", () => {
    expect(texts("wangxiaoming")[0]).toMatch(/^王(小|晓)明$/);
    expect(texts("ouyangnana").slice(0, 3)).toContain("欧阳娜娜");
    expect(offers("ouyangnana", SURNAME, dictionary)).toContainEqual({ text: "欧阳", letters: 6 });
    expect(texts("nana", GIVEN)[0]).toBe("娜娜");
    expect(texts("xiao", GIVEN).slice(0, 7)).toContain("晓");
  });

  test("an offer takes only its own letters", () => {
    expect(offers("xi'anlu", SURNAME, dictionary)).toContainEqual({ text: "西安", letters: 5 });
  });

  test("rare characters are there, each once", () => {
    for (const [letters, rare] of [
      ["yan", "䶮"],
      ["jie", "㛃"],
      ["hong", "𬭎"],
      ["yao", "垚"],
      ["biao", "骉"],
      ["xin", "馨"],
      ["yi", "懿"],
    ] as const) {
      const all = offers(letters, GIVEN, dictionary).filter(({ text }) => text === rare);
      expect(all, rare).toHaveLength(1);
    }
  });
});

test("elsewhere words come first", () => {
  expect(texts("renshibu", OTHER)[0]).toMatch(/^人事部/);
  expect(texts("shichang", OTHER)[0]).toBe("市场");
  expect(texts("qiantai", OTHER).slice(0, 3)).toContain("前台");
});

test("asking changes nothing: the next visitor is offered the same", () => {
  const before = texts("ming", GIVEN);
  texts("mingming", GIVEN);
  texts("ming", SURNAME);
  expect(texts("ming", GIVEN)).toEqual(before);
});
