// How long nobody has touched the screen. First nothing happens, then a warning with a way to go on, then the end.

export class Idle {
  /** Whole seconds until the end. */
  left = $state(0);
  warning = $state(false);

  #quiet = 0;
  #warn = 0;
  #from = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(readonly ended: () => void) {}

  /** Begins anew: `quiet` seconds without a warning, `warn` seconds with one. */
  begin(quiet: number, warn: number) {
    this.#quiet = quiet;
    this.#warn = warn;
    this.touch();
    this.#timer ??= setInterval(() => this.#look(), 250);
  }

  /** Somebody is there. */
  touch() {
    this.#from = performance.now();
    this.warning = false;
    this.left = this.#quiet + this.#warn;
  }

  /** Adds time without starting over. */
  extend(seconds: number) {
    this.#quiet += seconds;
    this.#look();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.warning = false;
  }

  #look() {
    const left = this.#quiet + this.#warn - (performance.now() - this.#from) / 1000;
    this.left = Math.max(0, Math.ceil(left));
    this.warning = this.#warn > 0 && left <= this.#warn;
    if (left > 0) return;
    this.stop();
    this.ended();
  }
}
