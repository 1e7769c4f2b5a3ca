import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { pinyin } from "./pinyin/plugin.ts";

/** What the shell's own policy allows, so that a page that needs more already fails in `npm run screens`. */
export const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: preview: http://preview.localhost",
  "connect-src ipc: http://ipc.localhost",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
].join("; ");

/** Packages of which we hand on the data and not the code, which Vite's own list leaves out. */
const DATA = ["@fontsource-variable/noto-sans-sc", "@node-rs/jieba", "pinyin-pro"];

function licencesOfData(): Plugin {
  const texts = DATA.map((name) => `## ${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8")}`);
  return {
    name: "vestibule-licences-of-data",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "licences-of-data.md", source: texts.join("\n") });
    },
  };
}

type Modules = { getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null };

/** Whether the first screen needs a module: the page's entry leads to it without an `import()`. */
function isFirst(id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const info = modules.getModuleInfo(id);
  return info !== null && (info.isEntry || info.importers.some((by) => isFirst(by, modules, seen)));
}

export default defineConfig({
  plugins: [svelte(), pinyin(), licencesOfData()],
  base: "./",
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: "127.0.0.1" },
  preview: { host: "127.0.0.1", headers: { "Content-Security-Policy": policy } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    reportCompressedSize: true,
    // The policy lets no font in that stands in a style sheet itself.
    assetsInlineLimit: 0,
    // What others wrote and we hand on.
    license: { fileName: "licences.md" },
    // One file for the first screen, and what only staff need in others: each file is a way to the shell and back.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: (id, modules) => (isFirst(id, modules) ? "first" : null) }] },
      },
    },
    // The dictionary is larger than what Vite likes; what the rest may weigh is a test's matter.
    chunkSizeWarningLimit: 900,
  },
});
