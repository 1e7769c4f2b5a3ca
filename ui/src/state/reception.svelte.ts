// The receptionist's day: the list of visits, the one that is chosen, and what is open in the side panel.

import type {
  Failure,
  InvitationScreen,
  InvitationView,
  PassScreen,
  PassView,
  VisitView,
} from "../bindings.gen";
import { sameDay } from "../words/when";
import type { Desk } from "./desk.svelte";
import { phoneHas, phoneIs } from "./phone";
import { Printing } from "./printing.svelte";

export type Panel = "none" | "form" | "pass" | "invite" | "invitation" | "scan";

/** The lists, in the order of their tabs. Whoever is in none but the first has left, and the doors know it. */
export const TABS = ["all", "expected", "inside", "overdue", "waiting"] as const;
export type Tab = (typeof TABS)[number];

/** For how long a sign-out can be taken back. */
export const UNDO_SECONDS = 10;

/** A sign-out that the desk has not been told yet. */
type Leaving = { visit: string; name: string; seconds: number; tick: ReturnType<typeof setInterval> };

export class Day {
  visits = $state.raw<VisitView[]>([]);
  /** Who is expected today and later. */
  invitations = $state.raw<InvitationView[]>([]);
  invitation = $state.raw<InvitationScreen | null>(null);
  loaded = $state(false);
  search = $state("");
  tab = $state<Tab>("all");
  chosen = $state<string | null>(null);
  panel = $state<Panel>("none");
  screen = $state.raw<PassScreen | null>(null);
  /** The pass whose revocation waits for a yes. */
  asking = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  said = $state("");
  /** What F4 read last is no pass of this desk. */
  unknownPass = $state(false);
  /** Who is being signed out, the newest last. */
  leaving = $state.raw<Leaving[]>([]);

  #loading = false;
  #again = false;

  readonly printing: Printing;

  constructor(readonly desk: Desk) {
    this.printing = new Printing(desk);
  }

  /** The visits of a tab. */
  visitsIn(tab: Tab): VisitView[] {
    if (tab === "expected") return [];
    if (tab === "all") return this.visits;
    return this.visits.filter((visit) => this.#belongs(visit, tab));
  }

  get expected(): InvitationView[] {
    return this.invitations.filter((one) => this.isExpected(one));
  }

  /** Whether somebody may still come today. */
  isExpected({ standing, window }: InvitationView): boolean {
    const { now, zone } = this.desk;
    return (
      (standing === "good" || standing === "early") && (window.from <= now || sameDay(window.from, now, zone))
    );
  }

  choose(tab: Tab) {
    this.tab = tab;
    this.search = "";
  }

  count(tab: Tab): number {
    return tab === "expected" ? this.expected.length : this.visitsIn(tab).length;
  }

  /** What is on the screen. A search looks into every list: whoever searches wants to find. */
  get shown(): VisitView[] {
    return this.#wanted === ""
      ? this.visitsIn(this.tab)
      : this.visits.filter((visit) => this.#matches(visit));
  }

  /** Those who are expected today first. */
  get shownInvitations(): InvitationView[] {
    if (this.#wanted === "" && this.tab !== "expected") return [];
    const found =
      this.#wanted === "" ? this.invitations : this.invitations.filter((one) => this.#matches(one));
    return [...found].sort((a, b) => Number(this.isExpected(b)) - Number(this.isExpected(a)));
  }

  get #wanted() {
    return this.search.trim();
  }

  #matches(one: VisitView | InvitationView): boolean {
    const wanted = folded(this.#wanted);
    const codes = "passes" in one ? one.passes.map((pass) => pass.shortCode) : [one.shortCode];
    return (
      folded(one.visitorName).includes(wanted) ||
      folded(one.host).includes(wanted) ||
      (/^[+\d\s().-]+$/.test(wanted) && phoneHas(one.phone, wanted)) ||
      codes.some((code) => plain(code).includes(plain(wanted)))
    );
  }

  #belongs(visit: VisitView, tab: Exclude<Tab, "all" | "expected">): boolean {
    const { now } = this.desk;
    if (tab === "waiting") return visit.passes.some((pass) => awaits(pass, now));
    const inside = visit.leftAt === null && !this.isLeaving(visit.id);
    if (tab === "inside" || !inside) return inside;
    return visit.passes.length > 0 && visit.passes.every(({ window }) => window.until <= now);
  }

  /** Who is inside and may be the one whose form is being filled: by the phone, or by name and host together. */
  alike(name: string, phone: string, host: string): { visit: VisitView; by: "phone" | "name" } | null {
    const inside = this.visitsIn("inside");
    const byPhone = inside.find((visit) => phoneIs(visit.phone, phone));
    if (byPhone) return { visit: byPhone, by: "phone" };
    const byName = inside.find(
      (visit) =>
        name.trim() !== "" &&
        folded(visit.visitorName) === folded(name) &&
        folded(visit.host) === folded(host),
    );
    return byName ? { visit: byName, by: "name" } : null;
  }

  /** Brings a visit before the eyes, and leaves open what is being written beside it. */
  point(visit: string) {
    this.search = "";
    if (!this.shown.some(({ id }) => id === visit)) this.tab = "all";
    this.chosen = visit;
  }

  /** One at a time: what changes meanwhile is asked for once more, however often it changed. */
  async load() {
    if (this.#loading) {
      this.#again = true;
      return;
    }
    this.#loading = true;
    do {
      this.#again = false;
      await this.#loadOnce();
    } while (this.#again);
    this.#loading = false;
  }

  async #loadOnce() {
    const [answer, expected] = await Promise.all([
      this.desk.backend.todaysVisits(),
      this.desk.backend.invitations(),
    ]);
    this.loaded = true;
    if (expected.status === "ok") this.invitations = expected.data;
    if (answer.status === "error") {
      this.failure = answer.error;
      return;
    }
    this.visits = answer.data;
    const newest = answer.data.flatMap((visit) => visit.passes).reduce<PassView | null>(later, null);
    if (newest) this.desk.newestPass = newest.id;
  }

  /** What stands on the screen, from top to bottom. */
  get #rows(): string[] {
    return [...this.shownInvitations, ...this.shown].map(({ id }) => id);
  }

  step(by: number) {
    const rows = this.#rows;
    const at = this.chosen === null ? -1 : rows.indexOf(this.chosen);
    const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    this.chosen = rows[to] ?? null;
    if (this.panel === "pass" || this.panel === "invitation") void this.showChosen();
  }

  /** Opens what is chosen; the first that stands there where nothing is. */
  async openChosen() {
    if (this.chosen === null || !this.#rows.includes(this.chosen)) this.chosen = this.#rows[0] ?? null;
    await this.showChosen();
  }

  async showChosen() {
    const { chosen } = this;
    if (this.invitations.some(({ id }) => id === chosen)) return this.showInvitation(chosen ?? "");
    const pass = this.visits.find((visit) => visit.id === chosen)?.passes.at(-1);
    if (pass) await this.show(pass.id);
  }

  get writing() {
    return this.panel === "form" || this.panel === "invite";
  }

  scan() {
    this.newVisit();
    this.panel = "scan";
  }

  /** Whose pass a scanner or a person gave the code of. It is a way to find somebody, and no verdict. */
  async find(text: string) {
    this.failure = null;
    const answer = await this.desk.backend.findPass(text);
    this.unknownPass = answer.status === "error" && answer.error.code === "notFound";
    if (answer.status === "ok") {
      this.point(answer.data.visit);
      // What is being written stays open beside it.
      if (!this.writing) await this.show(answer.data.id);
      return;
    }
    this.desk.sounds.refused();
    if (!this.unknownPass) this.failure = answer.error;
    else if (!this.writing) this.panel = "scan";
  }

  async show(pass: string) {
    const answer = await this.desk.backend.passScreen(pass);
    if (answer.status === "error") {
      this.failure = answer.error;
      return;
    }
    this.open(answer.data);
  }

  open(screen: PassScreen) {
    this.screen = screen;
    this.printing.about(screen.pass.id);
    this.chosen = screen.pass.visit;
    this.panel = "pass";
    // The desk may have told of the pass before this answer was here.
    void this.passChanged(screen.pass.id);
  }

  newVisit() {
    this.panel = "form";
    this.unknownPass = false;
    this.screen = null;
    this.asking = null;
    this.failure = null;
    this.said = "";
  }

  invite() {
    this.newVisit();
    this.panel = "invite";
  }

  async showInvitation(id: string) {
    const answer = await this.desk.backend.invitationScreen(id);
    if (answer.status === "ok") this.openInvitation(answer.data);
    else this.failure = answer.error;
  }

  openInvitation(screen: InvitationScreen) {
    this.invitation = screen;
    this.chosen = screen.invitation.id;
    this.screen = null;
    this.panel = "invitation";
  }

  async revokeInvitation(id: string) {
    const answer = await this.desk.backend.revokeInvitation(id);
    this.failure = answer.status === "error" ? answer.error : null;
    await Promise.all([this.load(), this.showInvitation(id)]);
  }

  closePanel() {
    this.panel = "none";
    this.unknownPass = false;
    this.invitation = null;
    this.screen = null;
  }

  async passChanged(id: string) {
    if (this.screen?.pass.id !== id) return;
    const answer = await this.desk.backend.passScreen(id);
    if (answer.status === "ok" && this.screen?.pass.id === id) this.screen = answer.data;
  }

  async revoke(pass: string) {
    this.asking = null;
    const answer = await this.desk.backend.revokePass(pass);
    this.failure = answer.status === "error" ? answer.error : null;
    await this.load();
    await this.passChanged(pass);
  }

  /** Prints the pass that is open; the one of whom is chosen where none is. */
  async print() {
    if (!this.desk.info.printer) return;
    if (this.panel !== "pass") await this.showChosen();
    if (this.panel === "pass" && this.screen?.picture) await this.printing.print();
  }

  async sendAgain(pass: string) {
    const answer = await this.desk.backend.sendAgain(pass);
    this.failure = answer.status === "error" ? answer.error : null;
    await this.load();
    await this.passChanged(pass);
  }

  isLeaving(visit: string) {
    return this.leaving.some((one) => one.visit === visit);
  }

  /**
   * Signs out in ten seconds. It takes the passes back at the doors, and a pass that was taken back is not given
   * again; so until then nothing is told to the desk, and taking it back costs nothing. A page that is closed before
   * leaves the visitor signed in: somebody too many on the list is looked for in an alarm, somebody too few is not.
   */
  signOut(visit: string) {
    const known = this.visits.find(({ id }) => id === visit);
    if (!known || known.leftAt !== null || this.isLeaving(visit)) return;
    this.said = "";
    const tick = setInterval(() => this.#tick(visit), 1000);
    this.leaving = [...this.leaving, { visit, name: known.visitorName, seconds: UNDO_SECONDS, tick }];
  }

  /** Takes the newest sign-out back. */
  undo() {
    const last = this.leaving.at(-1);
    if (!last || last.seconds <= 0) return;
    this.#forget(last.visit);
    this.chosen = last.visit;
    this.said = this.desk.words.reception.undone(last.name);
  }

  /** Tells the desk at once: whoever could take it back goes away. */
  async leaveNow() {
    await Promise.all(this.leaving.map(({ visit }) => this.#tellLeft(visit)));
  }

  #tick(visit: string) {
    this.leaving = this.leaving.map((one) =>
      one.visit === visit ? { ...one, seconds: one.seconds - 1 } : one,
    );
    if (this.leaving.some((one) => one.visit === visit && one.seconds <= 0)) void this.#tellLeft(visit);
  }

  #forget(visit: string) {
    clearInterval(this.leaving.find((one) => one.visit === visit)?.tick);
    this.leaving = this.leaving.filter((one) => one.visit !== visit);
  }

  async #tellLeft(visit: string) {
    clearInterval(this.leaving.find((one) => one.visit === visit)?.tick);
    this.leaving = this.leaving.map((one) => (one.visit === visit ? { ...one, seconds: 0 } : one));
    const answer = await this.desk.backend.signOut(visit);
    this.failure = answer.status === "error" ? answer.error : null;
    if (answer.status === "ok") this.said = this.desk.words.reception.signedOut(answer.data.visitorName);
    await this.load();
    this.#forget(visit);
  }
}

/** Whether the doors have still to say something about a pass. */
function awaits(pass: PassView, now: number): boolean {
  return pass.doors.some(({ readiness }) =>
    pass.state === "active" && pass.window.until > now
      ? readiness === "waiting" || readiness === "failed"
      : readiness === "removing",
  );
}

const folded = (text: string) => text.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLocaleLowerCase();
const plain = (code: string) => code.replaceAll(/[\s-]/g, "").toLocaleLowerCase();
const later = (a: PassView | null, b: PassView) => (a && a.issuedAt >= b.issuedAt ? a : b);
