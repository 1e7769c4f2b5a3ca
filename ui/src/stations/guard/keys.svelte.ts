// The guard's keyboard: a hand scanner types too, and must never be taken for a hand, nor be lost to a button.
//
// Alt+1…9 chooses a door; then 1…4 the reason, and Space held for 700 ms opens. Escape steps back. Every other
// character goes into the code field, wherever the focus was.

import type { PressReason } from "../../bindings.gen";
import { HOLD_MS, type Post } from "../../state/guard.svelte";

export const REASONS: PressReason[] = ["visitor", "delivery", "staff", "other"];
/** A scanner sends its characters closer together than any hand, even where the page is slow to hear them. */
const SCANNER_GAP_MS = 80;

export class GuardKeys {
  code = $state("");
  holding = $state(false);

  #hold: ReturnType<typeof setTimeout> | undefined;
  #lastAt = 0;
  #lastChar = "";
  #reasonBefore: PressReason | null = null;

  constructor(
    readonly post: Post,
    readonly field: () => HTMLInputElement | null,
  ) {}

  toCode() {
    this.letGo();
    this.field()?.focus({ preventScroll: true });
  }

  down(event: KeyboardEvent) {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      const door = this.post.doors[Number(event.code.slice(5)) - 1];
      if (door) void this.post.arm(door.id);
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return this.#escape(event);
    if (this.post.armed && this.#whileArmed(event)) return;
    if (event.key.length === 1 && event.key !== " " && !(event.target instanceof HTMLInputElement))
      this.toCode();
  }

  up(event: KeyboardEvent) {
    if (event.code === "Space") this.letGo();
  }

  letGo() {
    clearTimeout(this.#hold);
    this.holding = false;
  }

  #escape(event: KeyboardEvent) {
    event.preventDefault();
    this.letGo();
    if (this.post.armed) this.post.disarm();
    else if (this.post.verdict) this.post.clear();
    else if (this.post.result) this.post.result = null;
    else this.code = "";
  }

  /** True when the key has been dealt with. */
  #whileArmed(event: KeyboardEvent): boolean {
    // Whoever went into the field types a code there.
    if (event.target === this.field()) return false;
    if (event.code === "Space") {
      event.preventDefault();
      if (!event.repeat && this.post.reason) this.#startHold();
      return true;
    }
    if (event.key.length !== 1) return false;
    const now = performance.now();
    const gap = now - this.#lastAt;
    const before = this.#lastChar;
    this.#lastAt = now;
    this.#lastChar = event.key;
    if (gap < SCANNER_GAP_MS) {
      // It is a scanner after all: what looked like a reason was its first character.
      event.preventDefault();
      this.post.reason = this.#reasonBefore;
      this.code = before + event.key;
      this.field()?.focus();
      return true;
    }
    this.#reasonBefore = this.post.reason;
    const reason = REASONS[Number(event.key) - 1];
    // What is no reason is the beginning of a code, and goes where codes go.
    if (!reason) return false;
    this.post.reason = reason;
    event.preventDefault();
    return true;
  }

  #startHold() {
    this.holding = true;
    clearTimeout(this.#hold);
    this.#hold = setTimeout(() => {
      this.holding = false;
      void this.post.release();
    }, HOLD_MS);
  }
}
