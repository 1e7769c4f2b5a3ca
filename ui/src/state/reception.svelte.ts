// The receptionist's day: the list of visits, the one that is chosen, and what is open in the side panel.

import type {
  Failure,
  InvitationScreen,
  InvitationView,
  PassScreen,
  PassView,
  VisitView,
} from "../bindings.gen";
import type { Desk } from "./desk.svelte";

export type Panel = "none" | "form" | "pass" | "invite" | "invitation";

export class Day {
  visits = $state.raw<VisitView[]>([]);
  /** Who is expected today and later. */
  invitations = $state.raw<InvitationView[]>([]);
  invitation = $state.raw<InvitationScreen | null>(null);
  loaded = $state(false);
  search = $state("");
  chosen = $state<string | null>(null);
  panel = $state<Panel>("none");
  screen = $state.raw<PassScreen | null>(null);
  /** The pass whose revocation waits for a yes. */
  asking = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  said = $state("");

  #loading = false;
  #again = false;

  constructor(readonly desk: Desk) {}

  get shown(): VisitView[] {
    const wanted = this.search.trim().toLocaleLowerCase();
    if (wanted === "") return this.visits;
    const digits = wanted.replaceAll(/[\s-]/g, "");
    return this.visits.filter(
      (visit) =>
        visit.visitorName.toLocaleLowerCase().includes(wanted) ||
        visit.host.toLocaleLowerCase().includes(wanted) ||
        (digits !== "" && visit.phone.replaceAll(/[\s-]/g, "").includes(digits)) ||
        visit.passes.some((pass) => plain(pass.shortCode).includes(plain(wanted))),
    );
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

  step(by: number) {
    const rows = this.shown;
    const at = rows.findIndex((visit) => visit.id === this.chosen);
    const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    this.chosen = rows[to]?.id ?? null;
    if (this.panel === "pass") void this.showChosen();
  }

  async showChosen() {
    const pass = this.visits.find((visit) => visit.id === this.chosen)?.passes.at(-1);
    if (pass) await this.show(pass.id);
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
    this.chosen = screen.pass.visit;
    this.panel = "pass";
    // The desk may have told of the pass before this answer was here.
    void this.passChanged(screen.pass.id);
  }

  newVisit() {
    this.panel = "form";
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

  async signOut(visit: string) {
    const answer = await this.desk.backend.signOut(visit);
    this.failure = answer.status === "error" ? answer.error : null;
    if (answer.status === "ok") this.said = this.desk.words.reception.signedOut(answer.data.visitorName);
    await this.load();
  }
}

const plain = (code: string) => code.replaceAll(/[\s-]/g, "").toLocaleLowerCase();
const later = (a: PassView | null, b: PassView) => (a && a.issuedAt >= b.issuedAt ? a : b);
