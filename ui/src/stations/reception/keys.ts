// Reception's keyboard. F2 new, F3 find, F4 scan, F6 print, F8 sign out, Escape back; the arrows and Enter in the list, Alt and a
// number for a list, Z takes a sign-out back. A hand scanner types too, and is heard before anybody else.

import { type Day, TABS } from "../../state/reception.svelte";
import { GAP_MS, Wedge } from "../../state/wedge";

/** A lone letter waits this long, in case it is the first of a scan. */
const ALONE_MS = 2 * GAP_MS;

export class ReceptionKeys {
  #alone: ReturnType<typeof setTimeout> | undefined;

  readonly wedge = new Wedge({
    began: () => clearTimeout(this.#alone),
    scanned: (text) => void this.day.find(text),
    half: () => this.day.desk.sounds.refused(),
  });

  constructor(
    readonly day: Day,
    readonly search: () => HTMLInputElement | undefined,
  ) {}

  get #elsewhere() {
    return this.day.desk.session.locked || document.querySelector("dialog[open]") !== null;
  }

  /** Captured, before any field sees the key. */
  first(event: KeyboardEvent) {
    if (!this.#elsewhere) this.wedge.down(event);
  }

  down(event: KeyboardEvent) {
    if (this.#elsewhere || event.defaultPrevented || event.isComposing) return;
    if (this.#letters(event) || this.#named(event) || this.#listed(event)) event.preventDefault();
  }

  /** True when the key was one of these. */
  #named({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
    if (ctrlKey || altKey || metaKey) return false;
    const { day } = this;
    if (key === "F2") day.newVisit();
    else if (key === "F3") this.search()?.select();
    else if (key === "F4") day.scan();
    else if (key === "F6") void day.print();
    else if (key === "F8") {
      if (day.chosen) day.signOut(day.chosen);
    } else if (key === "Escape") this.#back();
    else return false;
    return true;
  }

  #back() {
    const { day } = this;
    if (day.asking) day.asking = null;
    else if (day.panel !== "none") {
      day.closePanel();
      this.search()?.focus();
    } else day.search = "";
  }

  #letters(event: KeyboardEvent): boolean {
    const [, digit] = /^Digit([1-5])$/.exec(event.code) ?? [];
    const tab = TABS[Number(digit) - 1];
    if (event.altKey && tab) {
      this.day.choose(tab);
      return true;
    }
    if (event.code !== "KeyZ" || event.shiftKey || event.altKey || event.metaKey) return false;
    // What is written in a form is the form's own to take back.
    const field = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    if (this.day.leaving.length === 0 || (field && !(event.ctrlKey && event.target === this.search())))
      return false;
    clearTimeout(this.#alone);
    if (event.ctrlKey) this.day.undo();
    else if (!event.repeat) this.#alone = setTimeout(() => this.day.undo(), ALONE_MS);
    return true;
  }

  /** In the list, from the search field and from where there is nothing else to do with these keys. */
  #listed(event: KeyboardEvent): boolean {
    if (event.target !== this.search() && event.target !== document.body) return false;
    if (event.key === "ArrowDown") this.day.step(1);
    else if (event.key === "ArrowUp") this.day.step(-1);
    else if (event.key === "Enter") void this.day.openChosen();
    else return false;
    return true;
  }
}
