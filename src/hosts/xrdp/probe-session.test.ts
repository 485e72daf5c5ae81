import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Secret } from '../credential.ts';
import { probeSource } from './probe/source.ts';
import { startProbe } from './probe-session.ts';
import { manualTimers } from './testing/timers.ts';
import { answerWith, healthy } from './testing/facts.ts';
import { type FarSide, frame, scriptedTransport } from './testing/scripted-transport.ts';

const never = new AbortController().signal;
const noPassword = async (): Promise<null> => null;

/** A host where sudo wants a password, and the account itself may run the probe. */
function wantsPassword(far: FarSide): boolean {
  if (far.command.includes('sudo -S')) return false;
  far.stderr.write('sudo: a password is required\n');
  playing(() => {}, hello(1005, 'erik'))(far);
  return true;
}
const hello = (uid: number, user: string): Buffer => frame({ kind: 'hello', version: 1, uid, user });
const list = (id: number): Buffer =>
  frame(
    JSON.parse(JSON.stringify({ ...answerWith(healthy), id }), (key, value: unknown) =>
      key === 'start' ? String(value) : key === 'unread' ? undefined : value,
    ),
  );

/** Plays a probe that greets and answers each `list` by `answer`. */
function playing(answer: (id: number, far: FarSide) => void, greeting = hello(0, 'root')): (far: FarSide) => void {
  return (far) => {
    let heard = '';
    let greeted = false;
    far.stdin.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
      const source = probeSource();
      const begin = heard.indexOf(`USHER-PROBE ${source.length}\n`);
      const from = begin + `USHER-PROBE ${source.length}\n`.length + source.length;
      if (begin < 0 || heard.length < from) return;
      if (!greeted) far.stdout.write(greeting);
      greeted = true;
      for (const [, id] of heard.slice(from).matchAll(/^list (\d+)\n/gm)) answer(Number(id), far);
      heard = heard.slice(0, from);
    });
  };
}

test('answers find their requests, in whatever order they come', async () => {
  const waiting: number[] = [];
  const transport = scriptedTransport(
    'root',
    playing((id, far) => {
      waiting.push(id);
      if (waiting.length === 2) for (const each of waiting.toReversed()) far.stdout.write(list(each));
    }),
  );
  using probe = await startProbe(transport, noPassword, never);
  const [first, second] = await Promise.all([probe.request('list', never), probe.request('list', never)]);
  expect([first, second]).toMatchObject([{ id: 1 }, { id: 2 }]);
});

test('root needs no sudo', async () => {
  const commands: string[] = [];
  const transport = scriptedTransport('root', (far) => {
    commands.push(far.command);
    playing(() => {})(far);
  });
  using probe = await startProbe(transport, noPassword, never);
  expect([probe.hello.uid, commands.join().includes('sudo')]).toEqual([0, false]);
});

test('a host whose sudo wants no password is not offered one', async () => {
  let asked = 0;
  const transport = scriptedTransport(
    'erik',
    playing(() => {}),
  );
  using probe = await startProbe(
    transport,
    async () => {
      asked += 1;
      return new Secret('hunter2');
    },
    never,
  );
  expect([probe.hello.uid, asked]).toEqual([0, 0]);
});

test('what sudo said is kept when it refused', async () => {
  const transport = scriptedTransport('frank', (far) => {
    far.stderr.write('sudo: a password is required\n');
    playing(() => {}, hello(1006, 'frank'))(far);
  });
  using probe = await startProbe(transport, noPassword, never);
  expect(probe.sudoRefusal).toBe('sudo: a password is required');
});

test('sudo gets its password when it asks, and never in the command', async () => {
  const commands: string[] = [];
  const transport = scriptedTransport('erik', (far) => {
    commands.push(far.command);
    if (wantsPassword(far)) return;
    far.stderr.write('usher-sudo-password:');
    far.stdin.once('data', (line: Buffer) => {
      if (line.toString() !== 'hunter2\n') return;
      far.stdout.write('USHER-BOOT\n');
      playing(() => {})(far);
    });
  });
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never);
  expect([probe.hello.uid, commands.join().includes('hunter2')]).toEqual([0, false]);
});

test.each([
  ['before sudo asks', ['Welcome, erik\n']],
  ['in pieces, and runs into the boot line', ['Wel', 'come, erik: USHER-', 'BOOT']],
  ['beyond what a stream holds', ['x'.repeat(200_000)]],
])('a login shell may chatter %s', async (_when, chatter) => {
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    void (async () => {
      for (const piece of chatter) {
        far.stdout.write(piece);
        await setImmediate();
      }
      far.stderr.write('usher-sudo-password:');
    })();
    far.stdin.once('data', () => {
      far.stdout.write('USHER-BOOT\n');
      playing(() => {})(far);
    });
  });
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never);
  expect(probe.hello.uid).toBe(0);
});

test('a password that sudo refuses is offered once, and the probe runs without sudo', async () => {
  let offered = 0;
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    far.stderr.write('usher-sudo-password:');
    far.stdin.on('data', () => {
      offered += 1;
      far.stderr.write('Sorry, try again.\nusher-sudo-password:');
    });
  });
  using probe = await startProbe(transport, async () => new Secret('wrong'), never);
  expect([offered, probe.sudoRefusal]).toEqual([1, 'sudo did not take the password']);
  expect(probe.sudoPasswordRefused).toBe(true);
});

test.each([
  {
    what: 'the account after the right password',
    said: '\nerik is not in the sudoers file.\nThis incident has been reported to the administrator.\n',
    refusal: 'erik is not in the sudoers file.',
    ofPassword: false,
  },
  {
    what: 'the command after the right password',
    said: "\nSorry, user erik is not allowed to execute '/usr/bin/perl' as root on ts01.\n",
    refusal: "Sorry, user erik is not allowed to execute '/usr/bin/perl' as root on ts01.",
    ofPassword: false,
  },
  {
    what: 'the password, with one attempt',
    said: '\nsudo: 1 incorrect password attempt\n',
    refusal: 'sudo: 1 incorrect password attempt',
    ofPassword: true,
  },
  {
    what: 'the password, with an apology',
    said: '\nSorry, try again.\n',
    refusal: 'Sorry, try again.',
    ofPassword: true,
  },
])('sudo that refuses $what is told as that', async ({ said, refusal, ofPassword }) => {
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    far.stderr.write('usher-sudo-password:');
    far.stdin.once('data', () => {
      far.stderr.write(said);
      far.exit(1);
    });
  });
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never);
  expect(probe).toMatchObject({ hello: { uid: 1005 }, sudoRefusal: refusal, sudoPasswordRefused: ofPassword });
});

test('a sudo that ends without asking refused no password', async () => {
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    far.stderr.write('sudo: account validation failure, is your account locked?\n');
    far.exit(1);
  });
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never);
  expect(probe).toMatchObject({
    sudoRefusal: 'sudo: account validation failure, is your account locked?',
    sudoPasswordRefused: false,
  });
});

test('sudo’s prompt is found behind much that came before it, and in pieces', async () => {
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    far.stderr.write(`${'We trust you have received the usual lecture.\n'.repeat(500)}usher-sudo-`);
    far.stderr.write('password:');
    far.stdin.once('data', () => {
      far.stdout.write('USHER-BOOT\n');
      playing(() => {})(far);
    });
  });
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never);
  expect(probe.hello.uid).toBe(0);
});

test.each([
  [
    'asks for something else',
    'Password for erik@CORP: ',
    /^sudo did not .* within 5 s: it says 'Password for erik@CORP:'/,
  ],
  ['says nothing', '', /^sudo asked for no password within 5 s$/],
  ['does not judge the password', 'usher-sudo-password:', /^sudo did not judge the password within 5 s$/],
])('where sudo %s, the probe runs without it after 5 s', async (_what, said, refusal) => {
  const transport = scriptedTransport('erik', (far) => {
    if (!wantsPassword(far)) far.stderr.write(said);
  });
  const timers = manualTimers();
  const starting = startProbe(transport, async () => new Secret('hunter2'), never, timers.after);
  await vi.waitUntil(() => timers.pending() === 1);
  timers.pass(4999);
  expect(timers.pending()).toBe(1);
  await setImmediate();
  timers.pass(1);
  using probe = await starting;
  expect(probe).toMatchObject({
    hello: { uid: 1005 },
    sudoRefusal: expect.stringMatching(refusal) as string,
    sudoPasswordRefused: false,
  });
  expect(transport.running).toBe(1);
});

test('a sudo that answers leaves no limit behind', async () => {
  const transport = scriptedTransport('erik', (far) => {
    if (wantsPassword(far)) return;
    far.stdout.write('USHER-BOOT\n');
    playing(() => {})(far);
  });
  const timers = manualTimers();
  using probe = await startProbe(transport, async () => new Secret('hunter2'), never, timers.after);
  expect([probe.hello.uid, timers.pending()]).toEqual([0, 0]);
});

test('a host without perl is unsupported, and told what it lacks', async () => {
  const transport = scriptedTransport('root', (far) => {
    far.stderr.write('sh: 1: exec: perl: not found\n');
    far.exit(127);
  });
  await expect(startProbe(transport, noPassword, never)).rejects.toMatchObject({
    code: 'unsupported',
    hint: /perl-base/,
  });
});

test('an answer that is cut off in the middle is connection_lost', async () => {
  const transport = scriptedTransport(
    'root',
    playing((id, far) => {
      far.stdout.write(list(id).subarray(0, 100));
      far.exit(null);
    }),
  );
  using probe = await startProbe(transport, noPassword, never);
  await expect(probe.request('list', never)).rejects.toMatchObject({ code: 'connection_lost' });
});

test('a garbled answer is bad_answer and ends the probe', async () => {
  const transport = scriptedTransport(
    'root',
    playing((_, far) => void far.stdout.write('oops\n')),
  );
  using probe = await startProbe(transport, noPassword, never);
  await expect(probe.request('list', never)).rejects.toMatchObject({ code: 'bad_answer' });
  expect(transport.running).toBe(0);
});

test('a host that stalls in the middle of its answer is a timeout and ends the probe', async () => {
  const patience = new AbortController();
  const transport = scriptedTransport(
    'root',
    playing((id, far) => {
      far.stdout.write(list(id).subarray(0, 100));
      patience.abort();
    }),
  );
  using probe = await startProbe(transport, noPassword, never);
  await expect(probe.request('list', patience.signal)).rejects.toMatchObject({ code: 'timeout' });
  expect(transport.running).toBe(0);
});

test('after the end every request fails with the reason of the end', async () => {
  const transport = scriptedTransport(
    'root',
    playing((_, far) => far.exit(null)),
  );
  using probe = await startProbe(transport, noPassword, never);
  await probe.request('list', never).catch(() => {});
  await expect(probe.request('list', never)).rejects.toMatchObject({ code: 'connection_lost' });
});
