// A day's worth of visits for the fake desk: long names, other scripts, every state of a pass.

import type { DoorView, PassDoorView, PassView, Readiness, VisitView } from "../bindings.gen";

type Sketch = {
  name: string;
  phone: string;
  host: string;
  came: number;
  left?: number;
  until: number;
  readiness: Readiness[];
  revoked?: boolean;
  code: string;
};

const HOUR = 3_600_000;
const SKETCHES: Sketch[] = [
  {
    name: "王小明",
    phone: "13812345678",
    host: "李经理",
    came: -0.2,
    until: 4,
    readiness: ["ready", "ready", "waiting"],
    code: "K7MPQ4XW",
  },
  {
    name: "Zoë O'Neil",
    phone: "+44 20 7946 0958",
    host: "Facilities",
    came: -0.7,
    until: 2,
    readiness: ["ready", "failed", "ready"],
    code: "H3NTD9RA",
  },
  {
    name: "欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜欧阳娜娜",
    phone: "",
    host: "一个名字特别特别特别特别特别长的部门和它同样特别长的办公室",
    came: -1.1,
    until: 3,
    readiness: ["ready", "ready", "ready"],
    code: "P2WVX6YC",
  },
  {
    name: "محمد بن عبد الله",
    phone: "+971501234567",
    host: "",
    came: -1.4,
    until: 1,
    readiness: ["waiting", "waiting", "waiting"],
    code: "B8FGJ5KM",
  },
  {
    name: "<script>alert('x')</script> 🦊🦊",
    phone: "000 000",
    host: "<b>Reception</b>",
    came: -2,
    until: 2,
    revoked: true,
    readiness: ["removing", "removed", "removed"],
    code: "R4SZ7TUV",
  },
  {
    name: "Ünal Çelik",
    phone: "05321234567",
    host: "Ms Chen",
    came: -3,
    left: -1,
    until: 0.5,
    readiness: ["ready", "ready", "ready"],
    code: "D6EAQ3NX",
  },
  {
    name: "仇晓",
    phone: "13900001111",
    host: "前台",
    came: -4,
    until: -0.4,
    readiness: ["ready", "ready", "ready"],
    code: "W9YHC2PT",
  },
];

export function seedDay(doors: DoorView[], now: number, zone: string): VisitView[] {
  return SKETCHES.map((sketch, n) => {
    const visit = `visit-${n + 1}`;
    const pass: PassView = {
      id: `pass-${n + 1}`,
      visit,
      visitorName: sketch.name,
      host: sketch.host,
      shortCode: sketch.code,
      window: { from: now + sketch.came * HOUR, until: now + sketch.until * HOUR },
      zone,
      limit: { times: 10, scope: "eachDoor" },
      state: sketch.revoked ? "revoked" : "active",
      issuedAt: now + sketch.came * HOUR,
      revokedAt: sketch.revoked ? now - HOUR : null,
      showable: sketch.readiness.some((r) => r !== "waiting"),
      doors: doors.map(
        (door, d): PassDoorView => ({
          door: door.id,
          name: door.name,
          readiness: sketch.readiness[d % 3] ?? "ready",
          said: null,
        }),
      ),
      wedged: sketch.readiness.includes("failed"),
      spare: false,
    };
    return {
      id: visit,
      visitorName: sketch.name,
      phone: sketch.phone,
      host: sketch.host,
      cameAt: now + sketch.came * HOUR,
      leftAt: sketch.left === undefined ? null : now + sketch.left * HOUR,
      asksHost: n === 1,
      agreed: false,
      passes: [pass],
    };
  });
}

/** Visits of earlier days, one every few hours. */
export function seedPast(doors: DoorView[], now: number, zone: string, count: number): VisitView[] {
  const day = seedDay(doors, now, zone);
  return Array.from({ length: count }, (_, n) => {
    const like = day[n % day.length];
    if (!like) throw new Error("there is a day");
    const cameAt = now - (n + 8) * 3 * HOUR;
    const id = `past-${n + 1}`;
    const passes = like.passes.map((pass) => ({
      ...pass,
      id: `past-pass-${n + 1}`,
      visit: id,
      window: { from: cameAt, until: cameAt + 4 * HOUR },
    }));
    return { ...like, id, cameAt, leftAt: n % 9 === 0 ? null : cameAt + 2 * HOUR, passes };
  });
}
