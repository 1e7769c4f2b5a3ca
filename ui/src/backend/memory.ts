// A whole desk in the page, for design work and tests in a plain browser. It keeps the contract's shapes and plays
// the course of things (a pass becomes ready door by door, the network goes and comes); it is no copy of the rules.
// With accounts (staff=day) every PIN is 481516.
//
// In the address: station, lang, demo=no, net=down, seed=none|day, slow=<ms a door takes>, stall (codes never come),
// silentFrom=<s> and silentFor=<s> (the desk does not answer), signed (the first visit was),
// hosts (a directory), agreement, help (somebody calls), camera=<failure code>|none, press=<refused|unknown>, doors=<how many>.
// camera=<failure code>|none, press=<refused|unknown>, doors=<how many>, staff=day (there are accounts), as=<role> (one
// of them is signed in), proof=<wait|usedUp> (every try ends so).
// printer=<sent|onPaper|failure code> (there is a printer, and every print ends so, the second time printedBefore).
// past=<n> (so many visits of earlier days), cut (there were too many), full (no file can be written).
// As a typed code on the guard's screen: any reason of the contract, for instance `expired` or `clockOff`.

import qrcode from "qrcode-generator";
import type {
  Act,
  CameraState,
  CodeShown,
  Decision,
  DemoView,
  DeskEvent,
  DoorView,
  Failure,
  FailureCode,
  HoldView,
  InvitationView,
  PassView,
  PressView,
  Printed,
  Proof,
  QueueRow,
  Reason,
  RegisterForm,
  Role,
  RollCallView,
  SessionView,
  SignatureView,
  StaffView,
  Station,
  StationInfo,
  Status,
  VerdictView,
  VisitView,
} from "../bindings.gen";
import type { Answer, Backend } from "./backend";
import { seedDay, seedPast } from "./memory-day";
import { AGREEMENT, findHosts, hostName, mask, seedInvitations } from "./memory-kiosk";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = "Asia/Shanghai";
const NAMES = [
  "Front door",
  "Lift lobby",
  "Meeting floor 3",
  "Car park",
  "Loading bay",
  "Roof garden",
  "Archive",
  "Server room",
];
const DECISIONS: Record<Reason, Decision> = {
  valid: "letIn",
  again: "letIn",
  spare: "letIn",
  revoked: "stop",
  signedOut: "stop",
  notYet: "stop",
  expired: "stop",
  limitUsed: "stop",
  wrongDoor: "stop",
  notAPass: "stop",
  address: "stop",
  notIssuedHere: "cannotTell",
  noSuchShortCode: "cannotTell",
  garbled: "cannotTell",
  doorGone: "cannotTell",
  notReady: "cannotTell",
  notTold: "cannotTell",
  notTaken: "cannotTell",
  stale: "cannotTell",
  clockOff: "cannotTell",
  clockBack: "cannotTell",
};
/** Reasons behind which there is no pass. */
const UNKNOWN: Reason[] = ["notIssuedHere", "noSuchShortCode", "notAPass", "address", "garbled"];

const ok = <T>(data: T): Answer<T> => ({ status: "ok", data: structuredClone(data) });
const fail = <T>(code: FailureCode, fields: Failure["fields"] = []): Answer<T> => ({
  status: "error",
  error: { code, fields, retry: code === "noAnswer" || code === "noConnection" },
});
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** The picture as the desk would draw it: an SVG document, dark on white, four modules of quiet zone. */
export function drawCode(text: string): string {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`;
  }
  const side = size + 8;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${path}"/></svg>`
  );
}

function shortCode(): string {
  const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => letters[n % letters.length]).join("");
}

const plainCode = (pass: PassView) => pass.shortCode.replaceAll(" ", "");

export function memory(address: URLSearchParams): Backend {
  const now = () => Date.now();
  const slow = Number(address.get("slow") ?? 350);
  const hearers: ((event: DeskEvent) => void)[] = [];
  const tell = (event: DeskEvent) => {
    for (const hear of hearers) hear(structuredClone(event));
  };
  const demo = address.get("demo") !== "no";
  const loaded = now();
  let spares = Number(address.get("spares") ?? 0);
  const fault = address.get("fault");

  let station = (address.get("station") ?? "kiosk") as Station;
  let down = address.get("net") === "down";
  let since = now() - 42 * MINUTE;
  let camera: CameraState = { state: "off", name: null, why: null };
  let serial = 1;
  const doors: DoorView[] = NAMES.slice(0, Number(address.get("doors") ?? 3)).map((name, n) => ({
    id: `door-${n + 1}`,
    name,
    zone: ZONE,
    lastPress: null,
    lockedForMs: 0,
    reading: null,
  }));
  const seen = new Map<string, number>();
  const opened = new Map(doors.map((door) => [door.id, { opened: 0, passedByCode: 0 }]));
  const visits: VisitView[] = address.get("seed") === "day" ? seedDay(doors, now(), ZONE) : [];
  const invitations: InvitationView[] = address.get("seed") === "day" ? seedInvitations(now(), ZONE) : [];
  const tickets = new Map<string, { name: string; phone: string; host: string; invitation?: string }>();
  const signatures = new Map<string, SignatureView>();
  if (address.has("signed") && visits[0])
    signatures.set(visits[0].id, {
      version: "2026-11",
      textHash: "0".repeat(64),
      consent: {
        kind: "drawn",
        strokes: [
          [100, 200, 160, 60, 220, 240, 300, 80, 380, 220],
          [420, 140, 700, 150],
        ],
      },
      at: now(),
    });
  let wrongCodes = 0;
  let helpSince: number | null = address.has("help") ? now() - 2 * MINUTE : null;
  const papers = new Set<string>();
  const log: PressView[] = [];
  const forms = new Map<string, string>();
  const codes = new Map<string, string>();
  const armed = new Map<string, string>();
  const heldFor = Number(address.get("held") ?? 0);
  let held: HoldView[] = doors.slice(0, heldFor > 0 ? 1 : 0).map((door) => ({
    id: crypto.randomUUID(),
    door: door.id,
    doorName: door.name,
    at: now(),
    until: now() + heldFor * 1000,
    state: "open",
  }));
  let queue: QueueRow[] = [];

  for (const visit of visits) for (const pass of visit.passes) codes.set(pass.id, `SEED${pass.shortCode}`);
  if (address.get("queue") === "wedged") {
    queue = [
      {
        id: 901,
        kind: "registerVisitor",
        visitorName: "欧阳娜娜",
        state: "waiting",
        attempts: 3,
        since: since,
        nextTry: now() + 20_000,
        lastAnswer: "noAnswer: no answer came in time",
      },
      {
        id: 902,
        kind: "grantPass",
        visitorName: "Zoë O'Neil",
        state: "wedged",
        attempts: 8,
        since: since,
        nextTry: null,
        lastAnswer: "refusedByService 2063",
      },
    ];
  }

  const person = (id: number, name: string, role: Role): StaffView => ({
    id: `staff-${id}`,
    name,
    role,
    disabled: false,
    madeAt: now(),
  });
  const staff: StaffView[] =
    address.get("staff") === "day"
      ? [
          person(1, "王芳", "admin"),
          person(2, "李强", "guard"),
          person(3, "Zoë O'Neil", "reception"),
          person(4, "欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜", "supervisor"),
        ]
      : [];
  let here = staff.find((one) => one.role === address.get("as")) ?? null;
  const daily: Act[] = [
    "register",
    "seePass",
    "seeVisits",
    "seeNames",
    "rollCall",
    "verify",
    "openDoor",
    "seeDoorLog",
  ];
  const answers = (one: StaffView | null) => one?.role === "supervisor" || one?.role === "admin";
  const session = (): SessionView => {
    const guarded = staff.length > 0;
    const free = !guarded && station !== "kiosk";
    const may: Act[] = here || free ? [...daily] : [];
    if (here?.role === "reception" || answers(here) || free) may.push("seeHistory");
    if (answers(here) || free) may.push("holdDoor", "exportHistory");
    if (here?.role === "admin" || free) may.push("manageStaff");
    return {
      guarded,
      locked: guarded && station !== "kiosk" && here === null,
      name: here?.name ?? null,
      role: here?.role ?? null,
      since: here ? loaded : null,
      idleSeconds: here ? 120 : 0,
      may,
      withApproval: here && !answers(here) ? ["holdDoor"] : [],
    };
  };
  const prove = async (name: string, secret: string): Promise<{ proof: Proof; one: StaffView | null }> => {
    await pause(200);
    const play = address.get("proof");
    if (play === "wait") return { proof: { kind: "wait", seconds: 30 }, one: null };
    if (play === "usedUp") return { proof: { kind: "usedUp" }, one: null };
    const one = staff.find((row) => row.name === name && !row.disabled) ?? null;
    return one && secret === "481516"
      ? { proof: { kind: "right" }, one }
      : { proof: { kind: "wrong" }, one: null };
  };
  const change = (id: string, what: Partial<StaffView>): Answer<StaffView> => {
    const one = staff.find((row) => row.id === id);
    if (!one) return fail("notFound");
    const admins = staff.filter((row) => row.role === "admin" && !row.disabled && row.id !== id);
    if (admins.length === 0 && (what.disabled || (what.role && what.role !== "admin")))
      return fail("lastAdmin");
    Object.assign(one, what);
    tell({ kind: "session" });
    return ok(one);
  };
  const past = seedPast(doors, now(), ZONE, Number(address.get("past") ?? 0));
  const everyone = () => [...visits, ...past];
  const passes = () => everyone().flatMap((visit) => visit.passes);
  const passById = (id: string) => passes().find((pass) => pass.id === id);
  const status = (): Status => ({
    connection: { state: down ? "offline" : "online", since, why: down ? "noAnswer" : null },
    waiting: queue.filter((row) => row.state !== "wedged").length,
    wedged: queue.filter((row) => row.state === "wedged").length,
    oldest: queue[0]?.since ?? null,
    now: now(),
    restsUntil: address.get("net") === "busy" ? loaded + 17_000 : null,
    skewMs: 40,
  });
  const demoView = (): DemoView => ({
    networkDown: down,
    doors: doors.map(({ id, name }) => ({ id, name, ...(opened.get(id) ?? { opened: 0, passedByCode: 0 }) })),
  });
  const tellAll = () => {
    tell({ kind: "status", status: status() });
    tell({ kind: "queue" });
    tell({ kind: "visits" });
  };

  /** Delivers what a pass still waits for, door by door, for as long as the network is there. */
  function hand(pass: PassView) {
    codes.set(pass.id, `V1${crypto.randomUUID().replaceAll("-", "").slice(0, 14).toUpperCase()}`);
    pass.showable = true;
  }

  async function deliver(pass: PassView) {
    if (down || address.has("stall")) return;
    if (!pass.showable) {
      await pause(Math.min(slow, 60));
      if (down) return;
      hand(pass);
      tell({ kind: "pass", pass: pass.id });
    }
    for (const door of pass.doors) {
      if (door.readiness === "ready" || door.readiness === "removed") continue;
      await pause(slow);
      if (down) return;
      door.readiness = door.readiness === "removing" ? "removed" : "ready";
      tell({ kind: "pass", pass: pass.id });
      tell({ kind: "visits" });
    }
    queue = queue.filter((row) => row.visitorName !== pass.visitorName || row.state === "wedged");
    tellAll();
  }

  function faults(form: RegisterForm): Failure["fields"] {
    const found: Failure["fields"] = [];
    const control = /\p{Cc}/u;
    if (control.test(form.name)) found.push({ field: "name", fault: "unprintable" });
    else if (form.name.trim() === "") found.push({ field: "name", fault: "missing" });
    else if ([...form.name.trim()].length > 40) found.push({ field: "name", fault: "tooLong" });
    if (form.phone.trim() !== "" && !/^\+?[\d\s().-]{5,20}$/.test(form.phone.trim()))
      found.push({ field: "phone", fault: "notAPhone" });
    if ([...form.host.trim()].length > 60) found.push({ field: "host", fault: "tooLong" });
    return found;
  }

  const screen = (pass: PassView) => {
    const code = codes.get(pass.id);
    return { pass, picture: pass.showable && pass.state === "active" && code ? drawCode(code) : null };
  };

  function endOfDay(): number {
    const shift = 8 * 60 * MINUTE;
    const day = 24 * 60 * MINUTE;
    return Math.ceil((now() + shift) / day) * day - shift - 1000;
  }

  let begunAt: number | null = null;
  const ticks = new Map<string, number>();
  const rollCall = (): RollCallView => {
    const people = visits
      .filter((visit) => visit.leftAt === null || (begunAt !== null && visit.leftAt >= begunAt))
      .map((visit, n) => ({
        visit: visit.id,
        visitorName: visit.visitorName,
        host: visit.host,
        cameAt: visit.cameAt,
        leftAt: visit.leftAt,
        seenAt: n % 3 === 0 ? visit.cameAt + 4 * MINUTE : null,
        tickedAt: ticks.get(visit.id) ?? null,
      }));
    const moves = visits.flatMap((visit) => [visit.cameAt, visit.leftAt ?? 0]);
    return {
      at: now(),
      begunAt,
      people,
      missing: people.filter((one) => one.tickedAt === null && one.leftAt === null).length,
      ticked: ticks.size,
      seen: people.filter((one) => one.seenAt !== null).length,
      leftOpen: people.length > 0 ? 2 : 0,
      newest: moves.length > 0 ? Math.max(...moves) : null,
      zone: ZONE,
    };
  };

  function verdict(reason: Reason, pass: PassView | null, seenBefore: number | null = null): VerdictView {
    const age = reason === "stale" ? 47 * MINUTE : down ? 4 * MINUTE : 20_000;
    return { decision: DECISIONS[reason], reason, ageMs: pass ? age : null, at: now(), pass, seenBefore };
  }

  function judge(text: string): VerdictView {
    const typed = text.replaceAll(/[\s-]/g, "");
    if (typed in DECISIONS) {
      const reason = typed as Reason;
      const pass = UNKNOWN.includes(reason) ? null : (passes()[0] ?? null);
      const before = reason === "again" || reason === "limitUsed" ? now() - 20 * MINUTE : null;
      return verdict(reason, pass && played(pass, reason, now()), before);
    }
    const pass = passes().find((p) => p.shortCode === typed.toUpperCase() || codes.get(p.id) === typed);
    if (!pass) {
      if (/^[2-9A-HJKMNP-Z]{8}$/i.test(typed)) return verdict("noSuchShortCode", null);
      if (/^[\w-]{6,64}$/.test(typed)) return verdict("notIssuedHere", null);
      if (/^[\w+.-]+:\/\//.test(text)) return verdict("address", null);
      return verdict(/^\p{ASCII}*$/u.test(text) ? "notAPass" : "garbled", null);
    }
    const visit = visits.find((v) => v.id === pass.visit);
    if (pass.state === "revoked") return verdict("revoked", pass);
    if (visit?.leftAt) return verdict("signedOut", pass);
    if (pass.window.until <= now()) return verdict("expired", pass);
    if (pass.window.from > now()) return verdict("notYet", pass);
    const before = seen.get(pass.id) ?? null;
    if (before === null) seen.set(pass.id, now());
    return verdict(before === null ? (pass.spare ? "spare" : "valid") : "again", pass, before);
  }

  function record(
    door: DoorView,
    reason: PressView["reason"],
    state: PressView["state"],
    why: FailureCode | null,
  ) {
    const press: PressView = {
      id: crypto.randomUUID(),
      door: door.id,
      doorName: door.name,
      at: now(),
      reason,
      state,
      why,
      note: null,
    };
    log.unshift(press);
    door.lastPress = press;
    return press;
  }

  const info = (): StationInfo => ({
    station,
    language: address.get("lang") === "en" ? "en" : "zh-CN",
    demo,
    site: "Vestibule House",
    doors,
    holdMinutes: [5, 15, 30, 60],
    cameras: true,
    printer: address.has("printer"),
    hosts: address.has("hosts"),
    agreement: address.has("agreement") ? AGREEMENT : null,
    setAside: null,
  });

  async function startScanning(): Promise<Answer<CameraState>> {
    const why = address.get("camera");
    camera = { state: "starting", name: "Integrated camera", why: null };
    tell({ kind: "camera", camera });
    await pause(50);
    camera = why
      ? { state: "failed", name: null, why: why === "none" ? "noCamera" : (why as FailureCode) }
      : { state: "running", name: "Integrated camera", why: null };
    tell({ kind: "camera", camera });
    return ok(camera);
  }

  return {
    cannotStart: async () => ok(fault),
    stationInfo: async () => (fault === null ? ok(info()) : fail("bug")),
    status: async () => {
      const from = address.get("silentFrom");
      const silent = from !== null && now() - loaded >= Number(from) * 1000;
      if (silent && now() - loaded < (Number(from) + Number(address.get("silentFor"))) * 1000)
        return fail("storeFailed");
      return ok(status());
    },
    session: async () => ok(session()),
    staffNames: async (approvers) =>
      ok(staff.filter((one) => !one.disabled && (!approvers || answers(one))).map((one) => one.name)),
    signIn: async (name, secret) => {
      const { proof, one } = await prove(name, secret);
      if (one) here = one;
      tell({ kind: "session" });
      return ok(proof);
    },
    signOff: async () => {
      here = null;
      tell({ kind: "session" });
      return ok(null);
    },
    stayActive: async () => ok(null),
    approveHold: async (_door, _minutes, name, secret) => {
      const { proof, one } = await prove(name, secret);
      return ok(one && !answers(one) ? { kind: "notEnough" as const } : proof);
    },
    staff: async () => ok(staff),
    addStaff: async (name, role, secret) => {
      await pause(200);
      if (name.trim() === "") return fail("badForm", [{ field: "name", fault: "missing" }]);
      if (secret.length < 6 || secret === "123456") return fail("weakSecret");
      if (staff.some((one) => one.name === name.trim())) return fail("nameTaken");
      const added = person(staff.length + 1, name.trim(), staff.length === 0 ? "admin" : role);
      staff.push(added);
      tell({ kind: "session" });
      return ok(added);
    },
    setStaffRole: async (id, role) => change(id, { role }),
    setStaffSecret: async (id, secret) => (secret.length < 6 ? fail("weakSecret") : change(id, {})),
    setStaffDisabled: async (id, disabled) => change(id, { disabled }),
    switchStation: async (to) => {
      station = to;
      here = null;
      return ok(info());
    },
    registerVisitor: async (form) => {
      await pause(20);
      const known = passById(forms.get(form.form) ?? "");
      if (known) return ok(screen(known));
      const guest = tickets.get(form.ticket ?? "");
      if (form.ticket && !guest) return fail("notArmed");
      if (address.has("agreement") && station === "kiosk" && !form.agreement) return fail("notSigned");
      form = {
        ...form,
        name: guest?.name ?? form.name,
        phone: guest?.phone ?? form.phone,
        host: hostName(form.knownHost) ?? (guest?.host || form.host),
      };
      const found = faults(form);
      if (found.length > 0) return fail("badForm", found);
      const visit: VisitView = {
        id: crypto.randomUUID(),
        visitorName: form.name.trim(),
        phone: form.phone.trim(),
        host: form.host.trim(),
        cameAt: now(),
        leftAt: null,
        asksHost: station === "kiosk" && address.has("hosts") && !form.knownHost && !guest?.invitation,
        agreed: form.agreement !== null,
        passes: [],
      };
      if (form.agreement)
        signatures.set(visit.id, { ...form.agreement, textHash: "0".repeat(64), at: now() });
      const invited = invitations.find((one) => one.id === guest?.invitation);
      if (invited) invited.standing = "used";
      const pass: PassView = {
        id: crypto.randomUUID(),
        visit: visit.id,
        visitorName: visit.visitorName,
        host: visit.host,
        shortCode: shortCode(),
        window: { from: now(), until: form.until ?? endOfDay() },
        zone: ZONE,
        limit: { times: form.times ?? 10, scope: "eachDoor" },
        state: "active",
        issuedAt: now(),
        revokedAt: null,
        showable: false,
        doors: doors
          .filter((door) => form.doors?.includes(door.id) ?? true)
          .map((door) => ({ door: door.id, name: door.name, readiness: "waiting", said: null })),
        wedged: false,
        spare: down && spares > 0,
      };
      if (pass.spare) {
        spares--;
        hand(pass);
        for (const door of pass.doors) door.readiness = "ready";
      }
      visit.passes.push(pass);
      visits.unshift(visit);
      forms.set(form.form, pass.id);
      const told = pass.spare
        ? (["registerVisitor", "narrowPass"] as const)
        : (["registerVisitor", "generateCode", "grantPass"] as const);
      for (const kind of told) {
        queue.push({
          id: serial++,
          kind,
          visitorName: visit.visitorName,
          state: "waiting",
          attempts: 0,
          since: now(),
          nextTry: now() + 5000,
          lastAnswer: null,
        });
      }
      tellAll();
      void deliver(pass);
      return ok(screen(pass));
    },
    findHosts: async (typed) => {
      await pause(10);
      return ok(findHosts(typed));
    },
    returning: async (phone) => {
      const plain = phone.replaceAll(" ", "");
      const known = visits.find((visit) => plain !== "" && visit.phone.replaceAll(" ", "") === plain);
      if (!known) return ok(null);
      const ticket = crypto.randomUUID();
      tickets.set(ticket, { name: known.visitorName, phone: plain, host: "" });
      return ok({ purpose: "arrive" as const, name: mask(known.visitorName), host: "", ticket });
    },
    showCode: async (purpose, text) => {
      await pause(20);
      const typed = text.replaceAll(/[\s-]/g, "").toUpperCase();
      if (wrongCodes > 3) return fail("slowDown");
      const shown: CodeShown = { purpose, name: "", host: "", ticket: null };
      if (purpose === "leave") {
        const pass = passes().find((one) => one.shortCode.replaceAll(" ", "") === typed);
        const visit = visits.find((one) => one.id === pass?.visit);
        if (visit?.leftAt) return fail("alreadyLeft");
        if (visit) {
          visit.leftAt = now();
          tell({ kind: "visits" });
          return ok({ ...shown, name: mask(visit.visitorName) });
        }
      }
      const invitation = invitations.find((one) => one.shortCode.replaceAll(" ", "") === typed);
      if (purpose === "arrive" && invitation) {
        const wrong = { early: "tooEarly", late: "over", used: "used", revoked: "revoked" } as const;
        if (invitation.standing !== "good") return fail(wrong[invitation.standing]);
        const ticket = crypto.randomUUID();
        tickets.set(ticket, {
          name: invitation.visitorName,
          phone: "",
          host: invitation.host,
          invitation: invitation.id,
        });
        return ok({ ...shown, name: mask(invitation.visitorName), host: mask(invitation.host), ticket });
      }
      wrongCodes += 1;
      return fail("notFound");
    },
    startCodeScanning: async () => startScanning(),
    callForHelp: async () => {
      helpSince ??= now();
      tell({ kind: "help" });
      return ok(null);
    },
    helpWaitsSince: async () => ok(helpSince),
    helpSeen: async () => {
      helpSince = null;
      tell({ kind: "help" });
      return ok(null);
    },
    signature: async (visit) => ok(signatures.get(visit) ?? null),
    invitations: async () => ok(invitations),
    invitationScreen: async (id) => {
      const invitation = invitations.find((one) => one.id === id);
      return invitation
        ? ok({ invitation, picture: drawCode(invitation.shortCode.replace(" ", "")) })
        : fail("notFound");
    },
    invite: async (form) => {
      const found = faults({
        ...form,
        form: "",
        until: null,
        times: null,
        knownHost: null,
        ticket: null,
        agreement: null,
      });
      if (found.length > 0) return fail("badForm", found);
      if (!/^(\d{4}-\d\d-\d\d)?$/.test(form.day.trim())) return fail("badWindow");
      const code = shortCode();
      const invitation: InvitationView = {
        id: crypto.randomUUID(),
        shortCode: `${code.slice(0, 4)} ${code.slice(4)}`,
        visitorName: form.name.trim(),
        phone: form.phone.trim(),
        host: form.host.trim(),
        window: { from: now(), until: endOfDay() },
        zone: ZONE,
        standing: "good",
      };
      invitations.push(invitation);
      tell({ kind: "visits" });
      return ok({ invitation, picture: drawCode(code) });
    },
    importInvitations: async (text, dry) => {
      const rows = text.replace("\uFEFF", "").split(/\r?\n/).slice(1);
      const faults = rows.flatMap((row, n) => {
        const [name = "", day = ""] = row.split(",");
        if (row.trim() === "") return [];
        if (name.trim() === "") return [{ row: n + 2, column: "name" }];
        return /^\d{4}-\d\d-\d\d$/.test(day) ? [] : [{ row: n + 2, column: "day" }];
      });
      if (faults.length > 0)
        return ok({ changed: null, faults: faults.slice(0, 100), faultCount: faults.length });
      const names = rows.map((row) => row.split(",")[0]?.trim() ?? "").filter((name) => name !== "");
      const fresh = names.filter((name) => !invitations.some((one) => one.visitorName === name));
      if (!dry)
        for (const name of fresh) {
          const window = { from: now(), until: endOfDay() };
          const code = shortCode();
          invitations.push({
            id: crypto.randomUUID(),
            shortCode: `${code.slice(0, 4)} ${code.slice(4)}`,
            visitorName: name,
            phone: "",
            host: "",
            window,
            zone: ZONE,
            standing: "good",
          });
        }
      tell({ kind: "visits" });
      return ok({
        changed: { added: fresh.length, same: names.length - fresh.length, over: 0 },
        faults: [],
        faultCount: 0,
      });
    },
    revokeInvitation: async (id) => {
      const invitation = invitations.find((one) => one.id === id);
      if (!invitation) return fail("notFound");
      if (invitation.standing === "used") return fail("used");
      invitation.standing = "revoked";
      tell({ kind: "visits" });
      return ok(invitation);
    },
    history: async (ask) => {
      const day = (text: string, usual: number) =>
        text.trim() ? Date.parse(`${text.trim()}T00:00+08:00`) : usual;
      const until = day(ask.until, endOfDay() + 1000 - DAY) + DAY;
      const from = day(ask.from, until - 31 * DAY);
      if (!(from < until && until - from <= 367 * DAY)) return fail("badWindow");
      const has = (text: string, part: string) => text.toLowerCase().includes(part.trim().toLowerCase());
      const found = everyone()
        .filter((one) => one.cameAt >= from && one.cameAt < until)
        .filter((one) => ask.state === "all" || (one.leftAt === null) === (ask.state === "open"))
        .filter(
          (one) =>
            has(one.host, ask.host) &&
            [one.visitorName, one.host, one.phone].some((text) => has(text, ask.search)),
        )
        .sort((a, b) => b.cameAt - a.cameAt);
      const pages = Math.max(1, Math.ceil(found.length / 50));
      const page = Math.min(ask.page, pages - 1);
      const shown = found.slice(page * 50, page * 50 + 50);
      return ok({
        visits: shown,
        found: found.length,
        page,
        pages,
        window: { from, until },
        cut: address.has("cut"),
      });
    },
    exportHistory: async (_ask, format) =>
      address.has("full")
        ? fail("notSaved")
        : ok({
            file: `Downloads/vestibule-visits-2026-11-24-101500.${format}`,
            rows: everyone().length,
          }),
    rollCall: async () => ok(rollCall()),
    beginRollCall: async () => {
      begunAt ??= now();
      return ok(rollCall());
    },
    tick: async (visit) => {
      if (begunAt === null) return fail("notFound");
      if (!ticks.has(visit)) ticks.set(visit, now());
      tell({ kind: "visits" });
      return ok(rollCall());
    },
    untick: async (visit) => {
      if (begunAt === null) return fail("notFound");
      const last = visit ?? [...ticks.keys()].at(-1);
      if (last) ticks.delete(last);
      tell({ kind: "visits" });
      return ok(rollCall());
    },
    endRollCall: async () => {
      if (begunAt === null) return fail("notFound");
      begunAt = null;
      ticks.clear();
      return ok(rollCall());
    },
    passScreen: async (id) => {
      const pass = passById(id);
      return pass ? ok(screen(pass)) : fail("notFound");
    },
    todaysVisits: async () => (session().locked ? fail("notSignedIn") : ok(visits)),
    signOut: async (id) => {
      const visit = visits.find((v) => v.id === id);
      if (!visit) return fail("notFound");
      visit.leftAt ??= now();
      tell({ kind: "visits" });
      return ok(visit);
    },
    printPass: async (id, _language, again) => {
      await pause(slow);
      const end = address.get("printer");
      if (end === "sent" || end === "onPaper") {
        if (papers.has(id) && !again) return fail("printedBefore");
        papers.add(id);
        return ok<Printed>(end);
      }
      return fail((end as FailureCode | null) ?? "noPrinter");
    },
    revokePass: async (id) => {
      const pass = passById(id);
      if (!pass) return fail("notFound");
      pass.state = "revoked";
      pass.revokedAt ??= now();
      for (const door of pass.doors) if (door.readiness !== "removed") door.readiness = "removing";
      queue.push({
        id: serial++,
        kind: "removePass",
        visitorName: pass.visitorName,
        state: "waiting",
        attempts: 0,
        since: now(),
        nextTry: now(),
        lastAnswer: null,
      });
      tellAll();
      void deliver(pass);
      return ok(pass);
    },
    verifyCode: async (text) => {
      const judged = judge(text);
      if (session().locked && judged.pass)
        judged.pass = { ...judged.pass, visitorName: "", host: "", shortCode: "" };
      return ok(judged);
    },
    findPass: async (text) => {
      const typed = text.replaceAll(/[\s-]/g, "");
      const pass = passes().find(
        (one) => plainCode(one) === typed.toUpperCase() || codes.get(one.id) === typed,
      );
      return pass ? ok(pass) : fail("notFound");
    },
    sendAgain: async (id) => {
      const pass = passById(id);
      if (!pass?.wedged) return fail("notFound");
      pass.wedged = false;
      for (const door of pass.doors) if (door.readiness === "failed") door.readiness = "waiting";
      queue = queue.filter((row) => row.visitorName !== pass.visitorName || row.state !== "wedged");
      tellAll();
      void deliver(pass);
      return ok(pass);
    },
    doors: async () => ok(doors),
    armDoor: async (id) => {
      const door = doors.find((d) => d.id === id);
      if (!door) return fail("notFound");
      if (down) return fail("noConnection");
      if (door.lockedForMs > 0) return fail("lockedOut");
      const token = crypto.randomUUID();
      armed.set(token, id);
      return ok({ token, door: id, forMs: 10_000 });
    },
    pressDoor: async (token, reason) => {
      const door = doors.find((d) => d.id === armed.get(token));
      armed.delete(token);
      if (!door) return fail("notArmed");
      await pause(150);
      const play = address.get("press");
      if (down) return ok(record(door, reason, "refused", "noConnection"));
      if (play === "refused") return ok(record(door, reason, "refused", "refusedByService"));
      if (play === "unknown") return ok(record(door, reason, "unknown", "noAnswer"));
      const count = opened.get(door.id);
      if (count) count.opened += 1;
      door.lockedForMs = 3000;
      setTimeout(() => {
        door.lockedForMs = 0;
        tell({ kind: "doors" });
      }, 3000);
      const press = record(door, reason, "accepted", null);
      tell({ kind: "doors" });
      tell({ kind: "demo", demo: demoView() });
      return ok(press);
    },
    notePress: async (id, note) => {
      const press = log.find((one) => one.id === id);
      if (!press) return fail("notFound");
      press.note = note.trim();
      tell({ kind: "doors" });
      return ok(press);
    },
    readDoors: async () => {
      if (down) return ok(null);
      for (const door of doors)
        door.reading = { keptOpen: held.some((hold) => hold.door === door.id), at: now() };
      tell({ kind: "doors" });
      return ok(null);
    },
    doorLog: async () => (session().locked ? fail("notSignedIn") : ok(log)),
    holdOpen: async (token, minutes) => {
      const door = doors.find((d) => d.id === armed.get(token));
      armed.delete(token);
      if (!door) return fail("notArmed");
      if (down) return fail("noConnection");
      if (held.some((hold) => hold.door === door.id)) return fail("alreadyHeld");
      const at = now();
      const hold: HoldView = {
        id: crypto.randomUUID(),
        door: door.id,
        doorName: door.name,
        at,
        until: at + minutes * 60_000,
        state: "open",
      };
      held = [...held, hold];
      tell({ kind: "holds" });
      return ok(hold);
    },
    endHold: async (id) => {
      const hold = held.find((one) => one.id === id);
      if (!hold) return fail("notFound");
      held = held.map((one) => (one.id === id ? { ...one, state: "closing" as const } : one));
      tell({ kind: "holds" });
      setTimeout(() => {
        held = held.filter((one) => one.id !== id);
        tell({ kind: "holds" });
      }, 1500);
      return ok(hold);
    },
    holds: async () => ok(held),
    cameras: async () =>
      ok(address.get("camera") === "none" ? [] : [{ id: "cam-0", name: "Integrated camera" }]),
    startScanning: async () => startScanning(),
    stopScanning: async () => {
      camera = { state: "off", name: null, why: null };
      tell({ kind: "camera", camera });
      return ok(null);
    },
    queue: async () => ok(queue),
    retryRow: async (id) => {
      const row = queue.find((r) => r.id === id);
      if (!row) return fail("notFound");
      row.state = "waiting";
      tellAll();
      return ok(null);
    },
    reserve: async () =>
      ok({
        wanted: Number(address.get("spares") ?? 10),
        hasKey: !address.has("nokey"),
        ready: spares,
        inBetween: spares > 0 ? 2 : 0,
        until: spares > 0 ? endOfDay() + 2 * 60 * MINUTE : null,
      }),
    dropRow: async (id) => {
      queue = queue.filter((row) => row.id !== id);
      tellAll();
      return ok(null);
    },
    demo: async () => (demo ? ok(demoView()) : fail("notADemo")),
    setNetworkDown: async (to) => {
      if (!demo) return fail("notADemo");
      if (to !== down) since = now();
      down = to;
      tell({ kind: "demo", demo: demoView() });
      tellAll();
      if (!down) for (const pass of passes()) void deliver(pass);
      return ok(demoView());
    },
    presentPass: async (id, passId) => {
      const pass = passById(passId);
      const at = pass?.doors.find((door) => door.door === id);
      if (!pass || !at || at.readiness !== "ready") return ok({ accepted: false, why: "unknown" as const });
      const count = opened.get(id);
      if (count) {
        count.opened += 1;
        count.passedByCode += 1;
      }
      tell({ kind: "demo", demo: demoView() });
      return ok({ accepted: true, why: "valid" as const });
    },
    previewAddress: (n) => previewPicture(n),
    listen: async (hear) => {
      hearers.push(hear);
    },
  };
}

/** The pass as it would have to be for that reason. */
function played(pass: PassView, reason: Reason, now: number): PassView {
  const copy = structuredClone(pass);
  if (reason === "expired") copy.window = { from: now - 300 * MINUTE, until: now - 25 * MINUTE };
  if (reason === "notYet") copy.window = { from: now + 40 * MINUTE, until: now + 160 * MINUTE };
  if (reason === "revoked" || reason === "signedOut") {
    copy.state = "revoked";
    copy.revokedAt = now - 12 * MINUTE;
  }
  return copy;
}

/** A moving picture that is plainly none: a bar that goes to and fro over a grey room. */
function previewPicture(n: number): string {
  const x = Math.round(320 + 240 * Math.sin(n / 20));
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480"><path fill="#c9d1d3" d="M0 0h640v480H0z"/>` +
    `<path fill="#b3bec1" d="M0 330h640v150H0z"/><circle cx="${x}" cy="190" r="62" fill="#8d9ba0"/>` +
    `<path fill="#8d9ba0" d="M${x - 110} 400q0-130 110-130t110 130z"/></svg>`;
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}
