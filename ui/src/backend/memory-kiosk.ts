// What visitors do alone, on the fake desk: a directory, invitations, an agreement. It plays the shapes, not the rules.

import type { AgreementView, HostHit, InvitationView } from "../bindings.gen";

type Sketch = { id: string; name: string; masked: string; initials: string; department: string };

const sketch = (id: string, name: string, masked: string, initials: string, department: string): Sketch => ({
  id,
  name,
  masked,
  initials,
  department,
});

const HOSTS = [
  sketch("1", "王小明", "王*明", "wxm", "研发部"),
  sketch("2", "王晓梅", "王*梅", "wxm", "市场部"),
  sketch("3", "欧阳修远", "欧**远", "oyxy", "总经理办公室"),
  sketch("4", "吴西门", "吴*门", "wxm", "Engineering & Facilities"),
  sketch("5", "Maria Schmidt", "Ma*** Sc***", "ms", "Partners"),
  sketch("6", "魏雪漫", "魏*漫", "wxm", ""),
  sketch("7", "单雄信", "单*信", "sxx", "安保部"),
];

export function findHosts(typed: string): HostHit[] {
  const wanted = typed.trim().toLowerCase();
  if ([...wanted].length < 2) return [];
  const found = HOSTS.filter(
    ({ name, initials }) => name.toLowerCase().includes(wanted) || initials.startsWith(wanted),
  );
  return found.slice(0, 6).map(({ id, masked, department }) => ({ id, name: masked, department }));
}

export const hostName = (id: string | null) => HOSTS.find((host) => host.id === id)?.name;

export const mask = (name: string) =>
  /\p{Script=Han}/u.test(name)
    ? `${name.slice(0, 1)}*${name.length > 2 ? name.slice(-1) : ""}`
    : `${name.slice(0, 2)}***`;

export const AGREEMENT: AgreementView = {
  version: "2026-11",
  texts: [
    {
      language: "zh-CN",
      title: "访客须知",
      summary: ["请佩戴并保管好通行码。", "办公区内请勿拍照、录像。", "如遇警报，请跟随接待人撤离。"],
      full: "一、访客应当在接待人陪同下进入办公区。\n二、未经许可，不得拍照、录像或录音。\n三、如遇警报，请立即跟随接待人前往集合点。\n".repeat(
        6,
      ),
    },
    {
      language: "en",
      title: "Visitor agreement",
      summary: [
        "Keep your pass with you.",
        "Take no pictures in the offices.",
        "In an alarm, follow your host to the meeting point.",
      ],
      full: "1. Visitors enter the offices together with their host.\n2. Pictures and recordings need permission.\n3. In an alarm, follow your host to the meeting point at once.\n".repeat(
        6,
      ),
    },
  ],
};

export function seedInvitations(now: number, zone: string): InvitationView[] {
  const HOUR = 3_600_000;
  const one = (
    n: number,
    visitorName: string,
    host: string,
    from: number,
    until: number,
    standing: InvitationView["standing"],
    code: string,
  ): InvitationView => ({
    id: `invitation-${n}`,
    shortCode: `${code.slice(0, 4)} ${code.slice(4)}`,
    visitorName,
    phone: n === 1 ? "138****5678" : "",
    host,
    window: { from: now + from * HOUR, until: now + until * HOUR },
    zone,
    standing,
  });
  return [
    one(1, "赵敏", "张无忌", -0.5, 3, "good", "ABCD2345"),
    one(2, "Grace Hopper", "Maria Schmidt", 1, 4, "early", "EFGH2345"),
    one(3, "钱学明", "王小明", -4, -1, "late", "JKMN2345"),
    one(4, "Ada Lovelace", "", -3, 2, "used", "PQRS2345"),
    one(5, "孙丽", "前台", -1, 2, "revoked", "TUVW2345"),
  ];
}
