import { defineConfig } from "vitest/config";

/** The built page in Debian's Chromium. Run by `npm run screens`, which builds it first. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["screens/**/*.screen.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
