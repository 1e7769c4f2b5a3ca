// `import text from "virtual:pinyin"`: the keyboard's dictionary, made anew by every build from two packages.

import type { Plugin } from "vite";
import { dictionary } from "./dictionary.ts";

const NAME = "virtual:pinyin";

export function pinyin(): Plugin {
  let made: string | undefined;
  return {
    name: "vestibule-pinyin",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      made ??= dictionary();
      return `export default ${JSON.stringify(made)};`;
    },
  };
}
