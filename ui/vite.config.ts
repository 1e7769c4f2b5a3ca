import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
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

export default defineConfig({
  plugins: [svelte(), pinyin()],
  base: "./",
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: "127.0.0.1" },
  preview: { host: "127.0.0.1", headers: { "Content-Security-Policy": policy } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    reportCompressedSize: true,
    // The dictionary is larger than what Vite likes; what the rest may weigh is a test's matter.
    chunkSizeWarningLimit: 900,
  },
});
