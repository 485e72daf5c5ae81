import * as z from 'zod';
import { UsherError } from '../sessions/errors.ts';
import { parseHostUrl } from '../sessions/host.ts';
import { mostHosts } from './inventory.ts';
import { networkOf } from './office.ts';

const nameForm = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,127}$/u;
const nameRule = 'a name begins with a letter or digit and holds letters, digits, dots, hyphens and underscores only';

export const name = z.string().regex(nameForm, { error: nameRule });
const path = z.string().min(1).max(4096);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: 'this is not the name of a variable' });
const label = z.union([z.string().max(256), z.number(), z.boolean()]).transform(String);

const url = z.string().superRefine((text, context) => {
  try {
    parseHostUrl(text);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    context.addIssue({
      code: 'custom',
      message: error.hint === null ? error.message : `${error.message}; ${error.hint}`,
    });
  }
});

const tags = z.union([z.record(name, label.nullable()), z.array(label.pipe(name)).max(256)], {
  error: 'tags are a list of names, or names with values',
});

const network = z
  .string()
  .refine((text) => networkOf(text) !== null, { error: 'this is not a network, such as 10.0.0.0/8 or fd00::/8' });

const host = z.strictObject({
  url,
  groups: z.array(name).max(256).optional(),
  tags: tags.optional(),
  credential: z.string().optional(),
  slots: z.int().min(1).max(10_000).optional(),
  simulated: z.boolean().optional(),
  lastingDrain: z
    .literal([1, 2], { error: 'lastingDrain is 1 or 2: the value of TSServerDrainMode that outlasts a restart' })
    .optional(),
});

const credential = z.strictObject({
  user: z.string().min(1).max(256).optional(),
  passwordFile: path.optional(),
  passwordEnv: variable.optional(),
  identityFiles: z.array(path).max(64).optional(),
  passphraseFile: path.optional(),
  passphraseEnv: variable.optional(),
  sudoPasswordFile: path.optional(),
  sudoPasswordEnv: variable.optional(),
  sudo: z
    .literal('logon', { error: "sudo can only be 'logon': the logon's password is offered to sudo too" })
    .optional(),
});

/** Simulated hosts listen on loopback alone. A URL that is none has an error of its own. */
function isLoopback(text: string): boolean {
  try {
    const parsed = parseHostUrl(text);
    return parsed.scheme !== 'local' && /^(127\.\d+\.\d+\.\d+|::1)$/.test(parsed.address);
  } catch (error) {
    if (error instanceof UsherError) return true;
    throw error;
  }
}

const atMost = (limit: number) => (map: object) => Object.keys(map).length <= limit;

/** An inventory file's contents, as YAML gives them. `hosts:` with nothing below it is null there. */
export const inventorySchema = z
  .strictObject({
    version: z.literal(1, { error: 'version must be 1' }),
    hosts: z
      .record(name, host)
      .refine(atMost(mostHosts), { error: `more than ${mostHosts} hosts` })
      .nullish(),
    office: z.array(network).max(256).optional(),
    credentials: z.record(name, credential).refine(atMost(1000), { error: 'more than 1000 credentials' }).nullish(),
  })
  .superRefine(({ hosts, credentials }, context) => {
    const known = new Set(Object.keys(credentials ?? {}));
    for (const [key, { simulated, url: address }] of Object.entries(hosts ?? {})) {
      if (simulated !== true || isLoopback(address)) continue;
      const message = 'only a host on loopback is a simulated one: nobody may take a real host for it';
      context.addIssue({ code: 'custom', path: ['hosts', key, 'simulated'], message });
    }
    for (const [key, { credential: reference }] of Object.entries(hosts ?? {})) {
      if (reference === undefined || known.has(reference)) continue;
      const path = ['hosts', key, 'credential'];
      context.addIssue({ code: 'custom', path, message: `there is no credential '${reference}'` });
    }
  });

/** The fields that the map at this path may have. */
export function fieldsAt([room, name]: readonly string[]): readonly string[] {
  if (room === undefined || name === undefined) return ['version', 'hosts', 'office', 'credentials'];
  return Object.keys(room === 'hosts' ? host.shape : credential.shape);
}

export type InventoryDocument = z.output<typeof inventorySchema>;
export type HostDocument = z.output<typeof host>;
export type CredentialDocument = z.output<typeof credential>;
