// What a web view does by itself and a desk's window must not: leave the page, load it again, look for other pages,
// grow, print, save, take in what is dropped on it. The shell refuses to load or open anything else as well
// (src-tauri/src/window.rs); here is what happens before that.

import type { Station } from "./bindings.gen";

/** By the key's place, so that no layout of the keyboard makes a hole. */
const PLAIN = /^(F5|F7|F11|F12|Browser\w+|Launch\w+|Help|Print|PrintScreen)$/;
const WITH_CTRL =
  /^(Key[DEFGHIJKLNOPRSTUW]|Digit0|Numpad0|Equal|Minus|NumpadAdd|NumpadSubtract|F\d+|Tab|PageUp|PageDown)$/;
const WITH_ALT = /^(ArrowLeft|ArrowRight|Home|Key[DEF])$/;

/** Whether the key is one of the web view's own. Copying and pasting, and what the desks use, is not. */
export function isOfTheWebView(event: KeyboardEvent): boolean {
  const code = event.code || event.key;
  if (event.ctrlKey || event.metaKey) return WITH_CTRL.test(code);
  if (event.altKey) return WITH_ALT.test(code);
  return PLAIN.test(code) || PLAIN.test(event.key);
}

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/** For the life of the page. What is prevented here is still heard by whoever means it. */
export function lockDown(station: () => Station | null) {
  const prevent = (event: Event) => event.preventDefault();
  const visitors = () => station() !== "reception" && station() !== "guard";
  addEventListener("keydown", (event) => isOfTheWebView(event) && prevent(event), true);
  addEventListener("wheel", (event) => event.ctrlKey && prevent(event), { passive: false, capture: true });
  for (const kind of ["gesturestart", "dragover", "drop"]) addEventListener(kind, prevent);
  addEventListener("auxclick", prevent, true);
  // Staff may paste and choose words in what they write; visitors have a keyboard of their own.
  addEventListener("contextmenu", (event) => {
    if (visitors() || !isEditable(event.target)) prevent(event);
  });
  for (const kind of ["dragstart", "selectstart"])
    addEventListener(kind, (event) => {
      if (visitors() && !isEditable(event.target)) prevent(event);
    });
}
