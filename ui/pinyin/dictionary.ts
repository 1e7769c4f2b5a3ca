// Makes the text of the keyboard's dictionary. Three parts with an empty line between them: surnames, given names, and
// everything. A line is a reading, a tab, and what is read so, the most frequent first, without anything between: each
// has as many characters as the reading has syllables. Lines are in the order of their first entry's frequency.

import { type Counts, count } from "./counted.ts";
import { reading, readings, surnames } from "./readings.ts";

/** Rarer words than this are typed by their parts. */
const WORD_AT_LEAST = 60;
const GIVEN_AT_LEAST = 2;
const IN_GIVEN_AT_LEAST = 3;
/** In many names of today; the list of words is older and takes in the names of foreigners. */
const OFTEN_GIVEN =
  "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲健斌鹏宇浩轩梓涵子欣怡晨佳嘉雨思诗雅婷雪倩慧莹颖琳" +
  "琪瑶瑞俊豪博泽睿昊天一可心悦然萱妍妮梦晓小红梅萍云燕波峰建国志海龙飞宏亮东林新春华玉珍凤琴莲美翠薇璐露蕾菲" +
  "洁晶丹琼佩彤沐辰奕铭凯恒源翔皓景毅祥宁安康乐阳旭晴清若语熙艺依彦哲诚信义德庆荣富贵福生友永昌";

/** The planes of Unicode that have Chinese characters. */
const HAN: [from: number, to: number][] = [
  [0x3007, 0x3007],
  [0x3400, 0x9fff],
  [0x20000, 0x323af],
];

export function dictionary(): string {
  const names = surnames();
  const counted = count((text) => names.has(text));
  const byReading = new Map<string, string[]>();
  for (const [surname, read] of names) for (const one of read) put(byReading, one, surname);

  const given = new Map<string, string[]>();
  for (const [name, times] of counted.given) if (times >= GIVEN_AT_LEAST) putWord(given, name);
  for (const [letter, times] of counted.inGiven)
    if (times >= IN_GIVEN_AT_LEAST) for (const one of readings(letter)) put(given, one, letter);
  const givenTimes = new Map([...counted.inGiven, ...counted.given]);
  for (const letter of OFTEN_GIVEN) givenTimes.set(letter, 1000 + (counted.inGiven.get(letter) ?? 0));

  const all = new Map<string, string[]>();
  for (const [from, to] of HAN) {
    for (let code = from; code <= to; code++) {
      const letter = String.fromCodePoint(code);
      for (const one of readings(letter)) put(all, one, letter);
    }
  }
  for (const [word, times] of counted.words) if (times >= WORD_AT_LEAST) putWord(all, word);
  const allTimes = new Map([...counted.characters, ...counted.words]);

  return [part(byReading, counted.surnames), part(given, givenTimes), part(all, allTimes)].join("\n\n");
}

function put(into: Map<string, string[]>, read: string, what: string) {
  const there = into.get(read);
  if (there) there.push(what);
  else into.set(read, [what]);
}

function putWord(into: Map<string, string[]>, word: string) {
  const read = reading(word);
  if (read) put(into, read, word);
}

/** A character that is read in several ways counts for each, but less where it is rarely read so. */
function part(lines: Map<string, string[]>, times: Counts): string {
  const often = (read: string, what: string) => (times.get(what) ?? 0) * share(read, what);
  return [...lines]
    .map(([read, what]) => {
      const sorted = what.map((one) => ({ one, times: often(read, one) })).sort((a, b) => b.times - a.times);
      return { times: sorted[0]?.times ?? 0, line: `${read}\t${sorted.map(({ one }) => one).join("")}` };
    })
    .sort((a, b) => b.times - a.times)
    .map(({ line }) => line)
    .join("\n");
}

/** The first reading that is listed is the usual one. */
function share(read: string, what: string): number {
  if (read.includes(" ")) return 1;
  const place = readings(what).indexOf(read);
  return place <= 0 ? 1 : place === 1 ? 0.1 : 0.02;
}
