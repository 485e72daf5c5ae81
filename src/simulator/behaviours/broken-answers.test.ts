import { describe, expect, test } from 'vitest';
import { UsherError } from '../../sessions/errors.ts';
import { termSrvEnumeration, termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import { getAllSessions } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions.ts';
import { getSessionInformation } from '../../wire/ms-tsts/term-srv-session/get-session-information.ts';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import { HostDialogue } from '../testing/host-dialogue.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, anActiveSession, aWorld } from '../testing/world.ts';

const level = { pLevel: 1 };
const some = { sessionId: 1 };

function dialogue(...behaves: readonly string[]): HostDialogue {
  const { host } = aWorld({ behaves });
  return new HostDialogue(host, accounts.anna);
}

/** `answered`, the code of the failure, or `nothing` at all. */
function outcome(answer: unknown): string {
  if (answer === null) return 'nothing';
  return answer instanceof UsherError ? answer.code : 'answered';
}

test('a host without any of it answers', () => {
  expect(outcome(dialogue().call(getAllSessions, level))).toBe('answered');
});

describe('stalls', () => {
  test('after all fragments of an answer but the last', () => {
    const { host } = aWorld({ behaves: ['stalls call=RpcGetAllSessions'] });
    for (let count = 0; count < 300; count++) anActiveSession(host);
    const client = new PipeClient(host, accounts.anna, [termSrvEnumeration]);
    const before = client.received;
    const asked = client.begin(getAllSessions, level);
    expect([asked.answer(), asked.fault(), client.isClosed]).toEqual([null, null, false]);
    expect(client.received - before).toBeGreaterThan(1);
  });

  test('in the middle of an answer that is one fragment, and its pipe says nothing any more', () => {
    const { host } = aWorld({ behaves: ['stalls times=1'] });
    const client = new PipeClient(host, accounts.anna, [termSrvSession]);
    const before = client.received;
    const asked = [1, 2].map(() => client.begin(getSessionInformation, some).answer());
    expect([asked, client.received - before]).toEqual([[null, null], 1]);
  });

  test('and leaves other pipes of the connection alone', () => {
    const one = dialogue('stalls call=RpcGetAllSessions');
    expect(outcome(one.call(getAllSessions, level))).toBe('nothing');
    expect(outcome(one.call(getSessionInformation, some))).toBe('answered');
  });

  test('where it is a session, in answers about it', () => {
    const { host } = aWorld();
    const [hung, other] = [anActiveSession(host, { behaves: ['stalls'] }), anActiveSession(host)];
    const ask = (sessionId: number) =>
      new PipeClient(host, accounts.anna, [termSrvSession]).begin(getSessionInformation, { sessionId }).answer();
    expect([ask(hung.id), ask(other.id) === null]).toEqual([null, false]);
  });
});

describe('drops', () => {
  test('cuts the connection in the middle of a frame', () => {
    const one = dialogue('drops call=RpcGetAllSessions');
    expect(outcome(one.call(getSessionInformation, some))).toBe('answered');
    expect(outcome(one.call(getAllSessions, level))).toBe('connection_lost');
    expect(one.isHungUp).toBe(true);
    const last = one.arrived.at(-1) ?? new Uint8Array();
    const told = new DataView(last.buffer, last.byteOffset).getUint32(0);
    expect(last.length).toBeLessThan(4 + told);
  });

  test('as often as is said, then serves the next connection', () => {
    const { host } = aWorld({ behaves: ['drops times=1'] });
    const outcomes = [1, 2].map(() => outcome(new HostDialogue(host, accounts.anna).call(getAllSessions, level)));
    expect(outcomes).toEqual(['connection_lost', 'answered']);
  });
});

describe('half-open', () => {
  test('says nothing on the connection any more, of whatever kind, and does not end it', () => {
    const one = dialogue('half-open after=1');
    expect(outcome(one.call(getSessionInformation, some))).toBe('answered');
    const before = one.arrived.length;
    expect(outcome(one.call(getAllSessions, level))).toBe('nothing');
    const told = one.arrived.length;
    expect(one.ask((client) => client.echo())).toBeUndefined();
    expect([one.isHungUp, one.arrived.length - told, told > before]).toEqual([false, 0, true]);
  });

  test('serves other connections', () => {
    const { host } = aWorld({ behaves: ['half-open times=1'] });
    const outcomes = [1, 2].map(() => outcome(new HostDialogue(host, accounts.anna).call(getAllSessions, level)));
    expect(outcomes).toEqual(['nothing', 'answered']);
  });
});

describe('garbage', () => {
  test('of RPC arrives whole, and costs the pipe', () => {
    const one = dialogue('garbage times=1');
    expect(outcome(one.call(getAllSessions, level))).toBe('bad_answer');
    expect(outcome(one.call(getAllSessions, level))).toBe('answered');
  });

  test('of SMB costs the connection', () => {
    const one = dialogue('garbage level=smb call=RpcGetAllSessions');
    expect(outcome(one.call(getSessionInformation, some))).toBe('answered');
    const answer = one.call(getAllSessions, level);
    expect([outcome(answer) === 'answered', one.events.at(-1)?.kind]).toEqual([false, 'closed']);
  });

  test('is the same in every run', () => {
    const runs = [1, 2].map(() => {
      const one = dialogue('garbage level=smb');
      one.call(getAllSessions, level);
      return one.arrived.at(-1);
    });
    expect(runs[0]).toEqual(runs[1]);
  });
});

describe('refuses-concurrent-transceive', () => {
  const second = (...behaves: readonly string[]) => {
    const one = dialogue(...behaves);
    const opened = one.ask((client) => client.open('LSM_API_service'));
    if (opened?.kind !== 'opened') throw new TypeError('no pipe');
    const piece = new Uint8Array(4);
    one.client.transceive(opened.pipe, piece, 1024);
    return one.ask((client) => client.transceive(opened.pipe, piece, 1024));
  };

  test('says that the pipe is busy', () => {
    expect(second('refuses-concurrent-transceive')).toMatchObject({ status: ntStatus.STATUS_PIPE_BUSY });
  });

  test('is no habit of other hosts', () => {
    expect(second()).toBeUndefined();
  });
});

describe('few-credits', () => {
  test('refuses to let more wait than it says', () => {
    const one = dialogue('few-credits waiting=3');
    const opened = one.ask((client) => client.open('LSM_API_service'));
    if (opened?.kind !== 'opened') throw new TypeError('no pipe');
    const reads = Array.from({ length: 5 }, () => one.ask((client) => client.read(opened.pipe, 1024)));
    const refused = reads.filter((event) => event?.kind === 'failed');
    expect(refused).toMatchObject([1, 2].map(() => ({ status: ntStatus.STATUS_INSUFFICIENT_RESOURCES })));
  });

  test('grants no more than it says: a client that minds them is served', () => {
    const one = dialogue('few-credits credits=4');
    const opened = one.ask((client) => client.open('LSM_API_service'));
    if (opened?.kind !== 'opened') throw new TypeError('no pipe');
    const before = one.events.length;
    for (let count = 0; count < 20; count++) one.client.echo();
    one.run();
    expect(one.events.slice(before).map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'done'));
  });
});
