import { styleText } from 'node:util';
import { createSecrets } from '../fleet/credentials.ts';
import { defaultParallel, type Fleet } from '../fleet/fleet.ts';
import type { FleetHost, Inventory } from '../fleet/inventory.ts';
import { readInventory } from '../fleet/inventory-file.ts';
import { createLogonGate } from '../fleet/logon-gate.ts';
import { atHome, inventoryPlace, type InventoryPlace } from '../fleet/paths.ts';
import { runningDemo } from '../fleet/running-demo.ts';
import { readSecretFile } from '../fleet/secret-file.ts';
import { howToName, type Selection, selectHosts, wholeInventory } from '../fleet/selection.ts';
import type { HostNote } from '../hosts/driver.ts';
import { errorCodes, errorRow, type ErrorRow, labelled, type UsherError } from '../sessions/errors.ts';
import type { Globals } from './globals.ts';
import { printable, printableJson } from './printable.ts';
import type { Surroundings, Terminal } from './surroundings.ts';
import { progressLineOn } from './sweep-progress.ts';
import type { Paint } from './table.ts';

/** One run of one command. */
export interface Run {
  readonly around: Surroundings;
  readonly globals: Globals;
  /** The arguments, each with the words it took. */
  readonly words: readonly string[];
}

export const placeOf = ({ globals, around }: Run): InventoryPlace =>
  inventoryPlace(globals.inventoryFile, around.places);

/** The inventory that is named, else the user's own. */
export const ownInventoryFor = (run: Run): Promise<Inventory> => readInventory(placeOf(run), run.around.places);

/** The same; where it is nobody's choice and holds no host, the one of a demo that runs on this machine, which is said. */
export async function inventoryFor(run: Run): Promise<Inventory> {
  const { inventory, why } = await findInventory(run);
  if (why !== null) remark(run, why);
  return inventory;
}

/** The same without a word: why it is a demo's, where it is. */
export async function findInventory(run: Run): Promise<{ readonly inventory: Inventory; readonly why: string | null }> {
  const own = await ownInventoryFor(run);
  if (placeOf(run).named || own.hosts.size > 0) return { inventory: own, why: null };
  const { places, process } = run.around;
  const demo = await runningDemo(places, (pid) => process.isAlive(pid));
  if (demo === null) return { inventory: own, why: null };
  const why = `the hosts of the simulated estate (process ${demo.pid}), because ${own.file} holds none`;
  return { inventory: await readInventory({ file: demo.inventory, named: true }, places), why };
}

export async function fleetFor({ around, globals }: Run): Promise<Fleet> {
  const { places, terminal, random } = around;
  const line = progressLineOn(around, globals);
  const askSecret = async (question: string, from: Terminal): Promise<string | null> => {
    const ask = (): Promise<string | null> => from.askSecret(printable(question));
    return line === null ? ask() : line.aside(ask);
  };
  return {
    drivers: await around.drivers(globals),
    secretsOf: createSecrets({
      env: places.env,
      passwordFile: globals.passwordFile === null ? null : atHome(globals.passwordFile, places),
      identityFiles: globals.identityFiles.map((file) => atHome(file, places)),
      ask: terminal === null ? null : (question) => askSecret(question, terminal),
      readFile: (file) => readSecretFile(file, places.platform),
    }),
    gate: createLogonGate(around.timers),
    timers: around.timers,
    ...(around.machine === undefined ? {} : { machine: around.machine }),
    timeout: globals.timeout,
    parallel: defaultParallel,
    ...(random === undefined ? {} : { random }),
    ...(line === null ? {} : { progress: line.begin }),
  };
}

/** The hosts that -s names. Says so where this machine stands in for an inventory that is empty, which one that was named does not allow. */
export function select(run: Run, inventory: Inventory, texts: readonly string[]): Selection {
  const isNone = texts.length === 0 && inventory.hosts.size === 0 && placeOf(run).named;
  const selection = selectHosts(isNone ? [wholeInventory] : texts, inventory, run.around.places.platform);
  if (selection.assumed && run.globals.format === 'text') remark(run, `this machine's own sessions; ${howToName}`);
  return selection;
}

/** Says something beside the answer. Not in JSON, whose document holds it, and not when it shall be quiet. */
export function remark({ around, globals }: Run, text: string): void {
  if (!globals.quiet) around.stderr.write(`${printable(text)}\n`);
}

/** Says what failed: on standard error, whatever shall be quiet. */
export function complain({ around }: Pick<Run, 'around'>, error: UsherError): void {
  around.stderr.write(`${printable(lineOf(errorRow(error)))}\n`);
}

/** `xh3: logging on: the password was refused (cause); hint`. */
function lineOf({ host, message, cause, hint }: ErrorRow): string {
  return `${labelled(host ?? 'usher', message)}${cause === null ? '' : ` (${cause})`}${hint === null ? '' : `; ${hint}`}`;
}

/** A note, as `--json` prints it. */
export interface NoteRow extends HostNote {
  readonly host: string;
}

export function noteRow(host: string, { code, message, columns, hint }: HostNote): NoteRow {
  return { host, code, message, columns, hint };
}

/** That nobody works at a host, for documents, which have no line that says so. */
export const simulatedNotes = (hosts: readonly FleetHost[]): readonly NoteRow[] =>
  hosts
    .filter(({ simulated }) => simulated)
    .map(({ name }) => ({
      host: name,
      code: 'simulated',
      message: 'a simulated host: nobody works there',
      columns: [],
      hint: null,
    }));

export function remarkNote(run: Run, { host, message, columns, hint }: NoteRow): void {
  const cost = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
  remark(run, `${labelled(host, message)}${cost}${hint === null ? '' : `; ${hint}`}`);
}

export function printJson({ around: { stdout } }: Pick<Run, 'around'>, document: unknown): void {
  stdout.write(`${printableJson(document, stdout.isTerminal ? 2 : 0)}\n`);
}

const plain: Paint = (_style, text) => text;

/** Colour on a terminal, unless NO_COLOR (no-color.org) or a terminal that cannot says otherwise. */
export function paintOf({ around: { stdout, places } }: Run): Paint {
  const { NO_COLOR: noColor = '', TERM: terminal = '' } = places.env;
  if (!stdout.isTerminal || noColor !== '' || terminal === 'dumb') return plain;
  return (style, text) => styleText(style, text, { validateStream: false });
}

/** The exit code of a run over several hosts, some of which may have failed. */
export function exitCodeOf(answered: number, errors: readonly UsherError[]): number {
  const [first] = errors;
  if (first === undefined) return 0;
  if (answered > 0) return 1;
  const code = errorCodes[first.code];
  return errors.every((error) => errorCodes[error.code] === code) ? code : 3;
}
