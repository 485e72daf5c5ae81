import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { removeSimulatedInventory, writeSimulatedInventory } from '../../fleet/simulated-inventory.ts';
import { planDemo } from '../../simulator/estate/plan.ts';
import type { SimulatedSession } from '../../simulator/world/session.ts';
import { type OwnEstate, startOwnEstate } from '../simulator.ts';
import { checksOf, type Meant } from './verdict.ts';

const seed = 90;
const listen = '127.64.0.0/16:4450';
const usher = fileURLToPath(new URL('../usher.ts', import.meta.url));
/** The host of the demo whose sessions neither a log-off nor a reset ends. */
const hung = 'sim-hangs-on-reset';

/** A session to end, and how a command names it. */
interface Victim extends Meant {
  readonly name: string;
}

/** Shows, in under a minute, what Usher is for. Answers with the exit code: 0 only where the estate's own ledger agrees. */
export async function tour(signal: AbortSignal): Promise<number> {
  await using estate = await startOwnEstate(planDemo(seed), { speed: 1, listen });
  const folder = await mkdtemp(path.join(tmpdir(), 'usher-tour-'));
  try {
    const victim = victimIn(estate);
    await show(estate, victim, path.join(folder, 'estate.yaml'), signal);
    return judge(estate, victim);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function show(estate: OwnEstate, { name }: Victim, inventory: string, signal: AbortSignal): Promise<void> {
  const hosts = estate.hosts.map(({ name: host, kind, address, port, sessions }) => ({
    name: host,
    url: { scheme: 'windows', user: null, domain: null, address, port } as const,
    groups: ['simulated', kind],
    slots: Math.ceil(sessions * 1.1),
  }));
  await writeSimulatedInventory(
    inventory,
    { hosts, user: estate.user, password: estate.password },
    { pid: process.pid, isAlive: () => false },
  );
  const run = (words: readonly string[]): Promise<void> => runUsher(words, inventory, signal);
  try {
    tell('Six simulated Windows hosts with ninety sessions have just come up; nobody works there.');
    tell('Find the user:');
    await run(['sessions', '-s', hung, '--state', 'active', '--sort', '-idleFor']);
    tell('What runs in the session?');
    await run(['processes', name]);
    tell(
      'Warn, then log off. This session hangs, and reset fails too: so its logon process is killed, and the end is proven.',
    );
    await run(['end', name, '--warn', '6s', '--reason', 'Updates at noon.', '--force', '--patience', '4s']);
    tell('Gone, and everybody else is where they were:');
    await run(['sessions', '-s', hung, '--columns', 'id,user,state,idleFor,memoryBytes']);
    tell('What do idle and disconnected sessions waste?');
    await run(['waste']);
  } finally {
    removeSimulatedInventory(inventory);
  }
}

/** Somebody at work on the host, by a name that every shell takes as it is. */
function victimIn({ served }: OwnEstate): Victim {
  const host = served.find(({ planned }) => planned.name === hung);
  const active = host?.people.flatMap(({ who, session }) =>
    session?.state === 'active' && /^[a-z.]+$/.test(who.account.name) ? [{ user: who.account.name, session }] : [],
  );
  const [first] = active ?? [];
  if (host === undefined || first === undefined) throw new TypeError('nobody works on the host that hangs');
  const { user, session }: { user: string; session: SimulatedSession } = first;
  return { host: host.host.name, serial: session.serial, name: `${user}@${hung}` };
}

/** Runs a command line as a user would, and waits for its end. What it prints is seen as it comes. Throws where it fails. */
async function runUsher(words: readonly string[], inventory: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  process.stdout.write(`${paint('bold', `$ usher ${words.map(asTyped).join(' ')}`)}\n`);
  const env = { ...process.env, USHER_INVENTORY: inventory, USHER_MEMORY: 'off' };
  const child = spawn(process.execPath, [usher, ...words], { env, stdio: ['ignore', 'inherit', 'inherit'], signal });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`usher ${words.map(asTyped).join(' ')} ended with exit code ${code}`);
  process.stdout.write('\n');
}

const asTyped = (word: string): string => (/^[\w@.,:-]+$/.test(word) ? word : `"${word}"`);

function judge({ ledger }: OwnEstate, victim: Victim): number {
  const checks = checksOf(ledger.entries, victim);
  tell(`What the estate's own ledger says of ${victim.name}:`);
  for (const { what, holds } of checks) {
    process.stdout.write(`  ${holds ? paint('green', 'yes') : paint('red', 'NO ')}  ${what}\n`);
  }
  return checks.every(({ holds }) => holds) ? 0 : 1;
}

const tell = (text: string): void => void process.stdout.write(`${paint('dim', text)}\n`);

const paint = (style: 'bold' | 'dim' | 'green' | 'red', text: string): string =>
  process.stdout.isTTY ? styleText(style, text) : text;
