import { describe, expect, test } from 'vitest';
import { Secret } from '../../credential.ts';
import type { Finding } from '../../finding.ts';
import { loaderInput } from '../probe/command.ts';
import { probeSource } from '../probe/source.ts';
import { answerWith, healthy } from '../testing/facts.ts';
import { type FarSide, frame, scriptedTransport } from '../testing/scripted-transport.ts';
import { examineHost, examineOn } from './examine.ts';
import type { ExaminationFacts } from './facts.ts';
import { healthyFacts, lines, xh1 } from './testing/facts.ts';

const never = new AbortController().signal;
const around = { now: () => Temporal.Instant.fromEpochMilliseconds(Math.round(healthyFacts.now * 1000)) };

const listFrame = (id: number): Buffer =>
  frame(
    JSON.parse(JSON.stringify({ ...answerWith(healthy), id }), (key, value: unknown) =>
      key === 'start' ? String(value) : key === 'unread' ? undefined : value,
    ),
  );

/** Plays a probe that greets as this user and tells these facts. `end`: it hangs up when it is asked to examine. */
function probe(far: FarSide, uid: number, user: string, facts: ExaminationFacts | 'end'): void {
  const begin = loaderInput(probeSource()).length;
  let heard = Buffer.alloc(0);
  let greeted = false;
  far.stdin.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    if (heard.length < begin) return;
    if (!greeted) far.stdout.write(frame({ kind: 'hello', version: 1, uid, user }));
    greeted = true;
    for (const [, verb, id] of heard
      .subarray(begin)
      .toString()
      .matchAll(/^(examine|list) (\d+)\n/gm)) {
      if (verb === 'list') far.stdout.write(listFrame(Number(id)));
      else if (facts === 'end') far.exit(1);
      else far.stdout.write(frame({ ...facts, id: Number(id) }));
    }
    heard = heard.subarray(0, begin);
  });
}

async function examine(
  user: string,
  play: (far: FarSide) => void,
  sudoPassword: string | null = null,
): Promise<readonly Finding[]> {
  const transport = scriptedTransport(user, play);
  const credential = { sudoPassword: async () => (sudoPassword === null ? null : new Secret(sudoPassword)) };
  const findings = await Array.fromAsync(examineOn(transport, xh1, credential, around, never));
  expect(transport.running).toBe(0);
  return findings;
}

test('a healthy host is ok in all, down to its list', async () => {
  const findings = await examine('root', (far) => probe(far, 0, 'root', healthyFacts));
  expect(findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'ok')).toEqual([]);
  expect(lines(findings).slice(0, 2)).toEqual(['perl ok: perl 5.36.0 answers', 'root ok: the account is root there']);
  expect(lines(findings).at(-1)).toBe('sessions ok: 1 listed: 1 active');
});

test('an account whose sudo wants a password that nobody has is told how to mend it', async () => {
  const findings = await examine('frank', (far) => {
    far.stderr.write('sudo: a password is required\n');
    probe(far, 1006, 'frank', { ...healthyFacts, groups: ['frank'], everyProcessSeen: false });
  });
  expect(findings[1]).toMatchObject({
    check: 'sudo',
    verdict: 'problem',
    summary: 'sudo asks frank for a password, and there is none to give',
  });
});

test('a password that sudo does not take is told once, and is nowhere in the findings', async () => {
  const findings = await examine(
    'erik',
    (far) => {
      if (!far.command.includes('sudo -S')) {
        far.stderr.write('sudo: a password is required\n');
        return probe(far, 1005, 'erik', { ...healthyFacts, everyProcessSeen: false });
      }
      far.stderr.write('usher-sudo-password:');
      far.stdin.once('data', () => far.stderr.write('Sorry, try again.\nusher-sudo-password:'));
    },
    'hunter2',
  );
  expect(findings[1]).toMatchObject({ check: 'sudo', verdict: 'problem', error: { code: 'logon_failed' } });
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

describe('a host that does not come to answer', () => {
  test('for want of perl is told what to install, and no more', async () => {
    const findings = await examine('root', (far) => {
      far.stderr.write('sh: 1: exec: perl: not found\n');
      far.stdout.end();
      far.exit(127);
    });
    expect(findings).toMatchObject([{ check: 'perl', verdict: 'problem', error: { code: 'unsupported' } }]);
  });

  test('since it hung up keeps what was found before', async () => {
    const findings = await examine('root', (far) => probe(far, 0, 'root', 'end'));
    expect(findings).toMatchObject([{ check: 'probe', verdict: 'problem' }]);
  });
});

test('a machine that is no Linux is told as that', async () => {
  const surroundings = {
    ...around,
    platform: 'darwin',
    localUser: 'anna',
    ssh: {
      home: '/',
      account: 'anna',
      uid: 1,
      machine: 'm',
      platform: 'posix',
      variables: {},
      configFile: 'none',
      systemDirectory: '/',
      jumpCredential: null,
    },
  } as const;
  const credential = {
    user: null,
    identityFiles: [],
    password: async () => null,
    passphrase: async () => null,
    sudoPassword: async () => null,
  };
  const findings = await Array.fromAsync(
    examineHost({ name: 'local:', url: { scheme: 'local' } }, credential, surroundings, never),
  );
  expect(findings).toMatchObject([{ check: 'kind', verdict: 'problem', error: { code: 'unsupported' } }]);
});
