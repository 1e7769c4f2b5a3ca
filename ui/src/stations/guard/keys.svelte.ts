// The guard's keyboard. 1…9 in the empty code field chooses a door; Space held for 700 ms, or Enter twice within 3 s,
// confirms it; 1…4 is the reason, and with it the door opens. Escape steps back. No single key does anything to a door,
// and a hand scanner, which types too, is heard first (state/wedge.ts). Every other character goes into the code field.

import type { DoorView, PressReason } from "../../bindings.gen";
import { HOLD_MS, type Post } from "../../state/guard.svelte";
import { GAP_MS, Wedge } from "../../state/wedge";

export const REASONS: PressReason[] = ["visitor", "delivery", "staff", "other"];
const TWICE_MS = 3000;
/** A door that was chosen by its number and then left alone is not chosen any more. */
const CHOSEN_MS = 10_000;
/** A reason waits this long, in case it is the first character of a scan. */
const ALONE_MS = 2 * GAP_MS;

export class GuardKeys {
  code = $state("");
  /** Space is held. */
  holding = $state(false);
  /** Enter was pressed once. */
  once = $state(false);
  /** The last scan was cut off. */
  half = $state(false);

  /** The door whose number stands alone in the code field: no code is that short. */
  aimed = $derived.by((): DoorView | null =>
    /^[1-9]$/.test(this.code) ? (this.post.doors[Number(this.code) - 1] ?? null) : null,
  );

  #hold: ReturnType<typeof setTimeout> | undefined;
  #twice: ReturnType<typeof setTimeout> | undefined;
  #reason: ReturnType<typeof setTimeout> | undefined;
  #chosen: ReturnType<typeof setTimeout> | undefined;

  readonly wedge = new Wedge({
    began: () => {
      this.letGo();
      this.half = false;
      clearTimeout(this.#reason);
    },
    scanned: (text) => {
      this.#clear();
      this.#rest();
      void this.post.verify(text);
    },
    half: () => {
      this.half = true;
      this.post.desk.sounds.refused();
      this.#rest();
    },
  });

  constructor(
    readonly post: Post,
    readonly field: () => HTMLInputElement | null,
  ) {}

  toCode() {
    this.letGo();
    this.field()?.focus({ preventScroll: true });
  }

  /** After a scan: to the code field, but not away from what somebody is doing. */
  #rest() {
    if (!this.post.armed && !this.post.result?.note) this.toCode();
  }

  /** A person wants what stands in the code field to be judged. */
  submit() {
    const text = this.code;
    this.#clear();
    void this.post.verify(text);
  }

  typed() {
    this.half = false;
    this.#forgetOnce();
    clearTimeout(this.#chosen);
    if (this.aimed) this.#chosen = setTimeout(() => this.#clear(), CHOSEN_MS);
  }

  down(event: KeyboardEvent) {
    clearTimeout(this.#reason);
    // What is typed into the field of a secret is nobody else's to hear.
    if (event.target instanceof HTMLInputElement && event.target.type === "password") return;
    if (this.wedge.down(event)) return;
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      event.preventDefault();
      this.post.disarm();
      this.code = event.code.slice(5);
      this.toCode();
      this.typed();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return this.#escape(event);
    const elsewhere = event.target instanceof HTMLInputElement && event.target !== this.field();
    if (elsewhere) return;
    const ready = this.aimed !== null || (this.post.armed !== null && event.target !== this.field());
    if (ready && event.code === "Space") {
      event.preventDefault();
      if (!event.repeat) this.#startHold();
      return;
    }
    if (ready && /^(Numpad)?Enter$/.test(event.code) && this.#enter(event)) return;
    if (this.post.armed && event.target !== this.field() && this.#chooses(event)) return;
    if (event.key.length === 1 && event.key !== " " && event.target !== this.field()) this.toCode();
  }

  up(event: KeyboardEvent) {
    this.wedge.up(event);
    if (event.code === "Space") this.letGo();
  }

  blur() {
    this.wedge.drop();
    this.letGo();
  }

  letGo() {
    clearTimeout(this.#hold);
    this.holding = false;
  }

  #clear() {
    this.code = "";
    this.typed();
  }

  #forgetOnce() {
    clearTimeout(this.#twice);
    this.once = false;
  }

  #escape(event: KeyboardEvent) {
    event.preventDefault();
    this.letGo();
    this.#forgetOnce();
    if (this.aimed) this.#clear();
    else if (this.post.armed) this.post.disarm();
    else if (this.post.verdict) this.post.clear();
    else if (this.post.result) this.post.result = null;
    else this.#clear();
  }

  /** True when the key has been dealt with: on a button, Enter is the button's. */
  #enter(event: KeyboardEvent): boolean {
    if (!this.aimed && event.target instanceof HTMLButtonElement) return false;
    event.preventDefault();
    if (event.repeat) return true;
    if (this.once) {
      this.#forgetOnce();
      this.#confirm();
    } else {
      this.once = true;
      this.#twice = setTimeout(() => (this.once = false), TWICE_MS);
    }
    return true;
  }

  #chooses(event: KeyboardEvent): boolean {
    const [, digit] = /^(?:Digit|Numpad)([1-4])$/.exec(event.code) ?? [];
    const reason = REASONS[Number(digit) - 1];
    if (!reason) return false;
    event.preventDefault();
    if (!event.repeat) this.#reason = setTimeout(() => this.post.choose(reason), ALONE_MS);
    return true;
  }

  #startHold() {
    this.holding = true;
    clearTimeout(this.#hold);
    this.#hold = setTimeout(() => {
      this.holding = false;
      this.#confirm();
    }, HOLD_MS);
  }

  #confirm() {
    const door = this.aimed;
    if (!door) return this.post.confirm();
    this.#clear();
    void this.post.arm(door.id, true);
  }
}
