import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { ListeningHost } from './host-listener.ts';
import { listen, type EstateFacts } from './listen.ts';
import type { Link } from './peer.ts';
import { parseRange } from './places.ts';
import { Caller, freePort, mirroringHost } from './testing/caller.ts';

const hello = new Uint8Array(Buffer.from('hello'));

/** Work that waits for its time, which a test lets come. */
class Waiting {
  readonly work = new Set<() => void>();
  readonly after = (_delay: number, work: () => void): Disposable => {
    this.work.add(work);
    return { [Symbol.dispose]: () => void this.work.delete(work) };
  };
}

async function estate(hosts: readonly ListeningHost[], facts: Partial<EstateFacts> = {}) {
  const waiting = new Waiting();
  const port = await freePort();
  const listening = await listen(hosts, {
    range: parseRange(`127.64.0.0/16:${port}`),
    random: (count) => new Uint8Array(count).fill(9),
    after: waiting.after,
    ...facts,
  });
  return { listening, waiting, port, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}

test('every host is spoken to at a place of its own', async () => {
  const names = ['TS01', 'TS02', 'TS03'];
  await using up = await estate(names.map((name) => ({ server: mirroringHost(name) })));
  expect(new Set(up.listening.hosts.map(({ place }) => JSON.stringify(place))).size).toBe(3);
  for (const { place } of up.listening.hosts) {
    using caller = new Caller(place);
    expect(await caller.next()).toMatchObject({ kind: 'ready' });
    expect(await caller.mirrored(hello)).toMatchObject({ kind: 'read', data: hello.toReversed() });
  }
});

test('a host that goes down cuts its connections off, and comes up again', async () => {
  await using up = await estate([{ server: mirroringHost('TS01') }]);
  const [host] = up.listening.hosts;
  if (host === undefined) throw new TypeError('no host');
  using before = new Caller(host.place);
  expect(await before.next()).toMatchObject({ kind: 'ready' });
  await host.down();
  expect(await before.next()).toMatchObject({ kind: 'closed' });
  using meanwhile = new Caller(host.place);
  expect(await meanwhile.next()).toMatchObject({ kind: 'closed' });
  await host.up();
  using after = new Caller(host.place);
  expect(await after.next()).toMatchObject({ kind: 'ready' });
});

test('whoever does not log on in time is cut off, whoever does is not', async () => {
  await using up = await estate([{ server: mirroringHost('TS01') }]);
  const [place] = up.listening.hosts.map((host) => host.place);
  if (place === undefined) throw new TypeError('no host');
  using caller = new Caller(place);
  expect(await caller.next()).toMatchObject({ kind: 'ready' });
  for (const work of up.waiting.work) work();
  expect(await caller.mirrored(hello)).toMatchObject({ kind: 'read' });
  const silent = connect({ host: place.address, port: place.port });
  const isCut = once(silent, 'close');
  using later = new Caller(place);
  expect(await later.next()).toMatchObject({ kind: 'ready' });
  for (const work of up.waiting.work) work();
  await isCut;
  expect(up.listening.hosts[0]?.connections).toBe(2);
});

test('no more connect than may', async () => {
  await using up = await estate([{ server: mirroringHost('TS01') }], { mostConnections: 1 });
  const [place] = up.listening.hosts.map((host) => host.place);
  if (place === undefined) throw new TypeError('no host');
  using first = new Caller(place);
  expect(await first.next()).toMatchObject({ kind: 'ready' });
  using second = new Caller(place);
  expect(await second.next()).toMatchObject({ kind: 'closed' });
  expect(up.listening.hosts[0]?.connections).toBe(1);
});

test('a port that is taken is passed by, or told of', async () => {
  const hosts = () => [{ server: mirroringHost('TS01') }, { server: mirroringHost('TS02') }];
  await using first = await estate(hosts());
  const range = parseRange(`127.64.0.0/16:${first.port}`);
  await expect(estate(hosts(), { range })).rejects.toMatchObject({ code: 'unreachable' });
  await using second = await estate(hosts(), { range, otherPorts: 10 });
  expect(second.listening.hosts[0]?.place.port).toBeGreaterThan(first.port);
});

test('the highest port that is taken is told of, with one that exists', async () => {
  const hosts = () => [{ server: mirroringHost('TS01') }];
  const range = parseRange('127.99.0.0/16:65535');
  await using _first = await estate(hosts(), { range });
  await expect(estate(hosts(), { range, otherPorts: 10 })).rejects.toMatchObject({
    code: 'unreachable',
    message: 'port 65535 is taken by another program',
    hint: 'name another: --listen 127.64.0.0/16:64535',
  });
});

test('a network garbles what it likes to', async () => {
  const link: Link = {
    toHost: (bytes, deliver) => deliver(bytes),
    toClient: (_bytes, deliver) => deliver(new Uint8Array(Buffer.from('garbage'))),
  };
  await using up = await estate([{ server: mirroringHost('TS01'), link: () => link }]);
  const [place] = up.listening.hosts.map((host) => host.place);
  if (place === undefined) throw new TypeError('no host');
  using caller = new Caller(place);
  expect(await caller.next()).toMatchObject({ kind: 'closed', error: { code: 'bad_answer' } });
});

test('a long answer is read as fast as its reader likes', async () => {
  await using up = await estate([{ server: mirroringHost('TS01') }]);
  const [place] = up.listening.hosts.map((host) => host.place);
  if (place === undefined) throw new TypeError('no host');
  using caller = new Caller(place);
  expect(await caller.next()).toMatchObject({ kind: 'ready' });
  const long = new Uint8Array(65536).map((_, at) => at & 0xff);
  expect(await caller.mirrored(long)).toMatchObject({ kind: 'read', data: long.toReversed() });
});

test('a network that hangs up lets what it delivered arrive', async () => {
  const heard: Buffer[] = [];
  const link: Link = {
    toHost: (bytes, deliver) => deliver(bytes),
    toClient(frame, deliver, hangUp) {
      deliver(frame.subarray(0, 10));
      hangUp();
    },
  };
  await using up = await estate([{ server: mirroringHost('TS01'), link: () => link }]);
  const [place] = up.listening.hosts.map((host) => host.place);
  if (place === undefined) throw new TypeError('no host');
  using caller = new Caller(place);
  caller.socket.on('data', (bytes: Buffer) => heard.push(bytes));
  expect(await caller.next()).toMatchObject({ kind: 'closed', error: { code: 'connection_lost' } });
  expect(Buffer.concat(heard)).toHaveLength(10);
});
