import path from 'node:path';
import type { Document, LineCounter, ParsedNode } from 'yaml';
import { UsherError } from '../sessions/errors.ts';
import { parseHostUrl } from '../sessions/host.ts';
import type { CredentialReference, FleetHost, Inventory } from './inventory.ts';
import type { CredentialDocument, HostDocument, InventoryDocument } from './inventory-schema.ts';
import { usualOffice } from './office.ts';
import { atHome, type Places } from './paths.ts';

/** An inventory file's text as a document that can be edited with its comments and order kept. */
export interface InventoryText {
  readonly file: string;
  readonly document: Document.Parsed<ParsedNode>;
  readonly contents: InventoryDocument;
}

/** Reads an inventory's text. Throws {@link UsherError} `bad_file` with file, line and the path inside it. */
export async function parseInventoryText(text: string, file: string): Promise<InventoryText> {
  const [yaml, { inventorySchema }, { issueOf, sentenceOf }] = await Promise.all([
    import('yaml'),
    import('./inventory-schema.ts'),
    import('./inventory-issue.ts'),
  ]);
  const lines = new yaml.LineCounter();
  const { document, plain } = guarded(file, () => {
    // Without pretty errors no line of the file, which might hold a secret by mistake, is quoted in a message.
    // The library's own search for keys that are there twice compares each with each.
    const parsed = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const [first] = parsed.errors;
    if (first !== undefined) throw badFile(file, lines.linePos(first.pos[0]).line, `it is not YAML: ${first.message}`);
    yaml.visit(parsed, { Map: (_key, map) => refuseTwins(map.items, file, lines) });
    const value: unknown = parsed.toJS({ maxAliasCount: 100 });
    return { document: parsed, plain: value ?? { version: 1 } };
  });
  const result = inventorySchema.safeParse(plain, { error: sentenceOf });
  if (result.success) return { file, document, contents: result.data };
  const { inside, message, hint } = issueOf(result.error.issues);
  const at = inside.length === 0 ? '' : `${inside.join('.')}: `;
  throw badFile(file, lineOf(document, lines, inside), `${at}${message}`, hint);
}

function refuseTwins(items: readonly { readonly key: unknown }[], file: string, lines: LineCounter): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    const { value, range } = key as Positioned;
    const name = String(value);
    if (seen.has(name)) throw badFile(file, lines.linePos(range?.[0] ?? 0).line, `'${name}' is there twice`);
    seen.add(name);
  }
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw badFile(file, 1, error instanceof RangeError ? 'it is nested too deeply' : 'it uses too many aliases');
  }
}

/** The line of the innermost node on the path that exists. */
function lineOf(document: Document, lines: LineCounter, inside: readonly string[]): number {
  for (let length = inside.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(inside.slice(0, length - 1), true);
    const offset = offsetOfKey(parent, inside[length - 1] ?? '');
    if (offset !== null) return lines.linePos(offset).line;
  }
  return 1;
}

interface Positioned {
  readonly value?: unknown;
  readonly range?: readonly [number, number, number] | null | undefined;
}

function offsetOfKey(parent: unknown, key: string): number | null {
  const items = (parent as { readonly items?: readonly unknown[] } | undefined)?.items ?? [];
  for (const [index, item] of items.entries()) {
    const keyNode = (item as { readonly key?: Positioned }).key;
    const found = keyNode === undefined ? String(index) === key : String(keyNode.value) === key;
    const node = keyNode ?? (item as Positioned);
    if (found && node.range) return node.range[0];
  }
  return null;
}

function badFile(file: string, line: number, message: string, hint?: string): UsherError {
  return new UsherError({ code: 'bad_file', message: `${file}:${line}: ${message}`, hint });
}

/** The inventory that the document describes. Relative paths in it start at the file's own directory. */
export function inventoryOf({ file, contents }: InventoryText, places: Places): Inventory {
  const located = (reference: string): string => path.resolve(path.dirname(file), atHome(reference, places));
  const credentials = new Map(
    Object.entries(contents.credentials ?? {}).map(([name, given]) => [name, credentialOf(name, given, located)]),
  );
  const hosts = new Map(
    Object.entries(contents.hosts ?? {}).map(([name, given]) => [name, hostOf(name, given, credentials)]),
  );
  return { file, hosts, credentials, office: contents.office ?? usualOffice };
}

function hostOf(name: string, given: HostDocument, credentials: ReadonlyMap<string, CredentialReference>): FleetHost {
  const { url, groups = [], tags = [], credential = '', lastingDrain } = given;
  const pairs: readonly (readonly [string, string])[] = Array.isArray(tags)
    ? tags.map((tag) => [tag, ''])
    : Object.entries(tags).map(([tag, value]) => [tag, value ?? '']);
  return {
    name,
    url: parseHostUrl(url),
    groups,
    tags: new Map(pairs),
    credential: credentials.get(credential) ?? null,
    slots: given.slots ?? null,
    simulated: given.simulated ?? false,
    ...(lastingDrain === undefined ? {} : { lastingDrain }),
  };
}

function credentialOf(
  name: string,
  given: CredentialDocument,
  located: (reference: string) => string,
): CredentialReference {
  const file = (reference: string | undefined): string | null => (reference === undefined ? null : located(reference));
  return {
    name,
    user: given.user ?? null,
    passwordFile: file(given.passwordFile),
    passwordEnv: given.passwordEnv ?? null,
    identityFiles: (given.identityFiles ?? []).map(located),
    passphraseFile: file(given.passphraseFile),
    passphraseEnv: given.passphraseEnv ?? null,
    sudoPasswordFile: file(given.sudoPasswordFile),
    sudoPasswordEnv: given.sudoPasswordEnv ?? null,
    sudoTakesLogon: given.sudo === 'logon',
  };
}
