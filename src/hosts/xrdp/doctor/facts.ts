import { z } from 'zod';

const text = z.string().max(8192);
const count = z.int().min(0);
const uid = z.int().min(0).max(4_294_967_295);
/** Seconds since 1970-01-01Z, with fractions. */
const moment = z.number().min(0).max(253_402_300_799);

/** What a program of the host said, in English, on either output. */
const said = z.strictObject({ exit: z.int().min(0).max(255), text });

const daemon = z.strictObject({
  /** Where its program is; null where it is not installed. */
  path: text.nullable(),
  version: text.nullable(),
  running: z.array(z.strictObject({ pid: count, user: text.nullable(), startedAt: moment })).max(8),
});

const setting = z.strictObject({ section: text, key: text, value: text });

const desktop = z.strictObject({
  display: z.int().min(0).max(99_999),
  user: text.nullable(),
  uid,
  /** logind's scope of the session; null where it is in none. */
  scope: text.nullable(),
  /** Whether the scope holds other sessions too. */
  sharedScope: z.boolean(),
  /** The program that runs the desktop, where it is one that can be asked to log off; as the kernel cuts its name. */
  manager: text.nullable(),
  /** The program that asks it. */
  command: text.nullable(),
  environmentSeen: z.boolean(),
  /** Whether the session bus that its environment names is there; null where it names none. */
  bus: z.boolean().nullable(),
});

/** What the probe tells a doctor of the host. */
export const examination = z.strictObject({
  kind: z.literal('examination'),
  id: count,
  version: z.literal(1),
  now: moment,
  /** `Debian GNU/Linux 12 (bookworm)` (os-release(5)). */
  system: text.nullable(),
  kernel: text.nullable(),
  perl: z.strictObject({ path: text, version: text }),
  groups: z.array(text).max(64),
  /** What `sudo -n -l` said; null where it was not asked. */
  sudo: said.nullable(),
  /** What `sudo -n -l perl` said, which ends well where sudo would let the account run it. */
  sudoPerl: said.nullable(),
  /** Those that are there of the programs that are looked for. */
  programs: z.array(text).max(64),
  /** The mount options of `/proc`. */
  procOptions: text.nullable(),
  socketsSeen: z.boolean(),
  everyProcessSeen: z.boolean(),
  xrdp: daemon,
  sesman: daemon,
  /** TCP ports that somebody listens at. */
  ports: z.array(z.int().min(0).max(65_535)).max(1024),
  /** Null where the file cannot be read. */
  sesmanSettings: z.array(setting).max(256).nullable(),
  xrdpSettings: z.array(setting).max(256).nullable(),
  systemd: z.boolean(),
  /** What loginctl said of logind. */
  logind: said.nullable(),
  systemBus: z.boolean(),
  desktops: z.array(desktop).max(256),
});

export type ExaminationFacts = z.infer<typeof examination>;
export type DaemonFacts = z.infer<typeof daemon>;
export type IniSetting = z.infer<typeof setting>;
