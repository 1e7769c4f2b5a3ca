// Which desk stands behind the page. In the app it is always the real one, whatever the address says.

import type { Backend } from "./backend";
import { tauri } from "./tauri";

export async function chooseBackend(address: URLSearchParams): Promise<Backend> {
  const inTheApp = "__TAURI_INTERNALS__" in window;
  if (!inTheApp && address.get("backend") === "memory") {
    return (await import("./memory")).memory(address);
  }
  return tauri;
}
