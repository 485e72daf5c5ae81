import { UsherError, withContext } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import type { HostConnection, HostReading } from '../driver.ts';
import { actVerb, reportOf, targetWords, xrdpIdentity } from './act.ts';
import type { ListAnswer } from './answer.ts';
import { readingOf } from './list.ts';
import { type BoxTime, realTime } from './drawn-message.ts';
import { showMessage } from './messages.ts';
import { absenceOf, presentIn } from './presence.ts';
import type { ProbeRights } from './notes.ts';
import type { ProbeSession } from './probe-session.ts';
import { processReadingOf } from './processes.ts';
import type { Transport } from './transport.ts';
import { readingsOf } from './watch.ts';

/** A transport with a probe that answers on it, as the driver's port. */
export function kept(host: Host, transport: Transport, probe: ProbeSession, time: BoxTime = realTime): HostConnection {
  const { hello, sudoRefusal, sudoPasswordRefused } = probe;
  const rights: ProbeRights = { uid: hello.uid, user: hello.user, sudoRefusal, sudoPasswordRefused };
  const read = (answer: ListAnswer): HostReading => readingOf(host.name, answer, rights);

  return {
    host,
    async list(signal) {
      const answer = await ask(host, 'listing sessions', () => probe.request('list', signal));
      if (answer.kind !== 'list') throw unexpected(host, answer.kind);
      return read(answer);
    },
    async processes(session, signal) {
      if (session.kind !== 'xrdp') throw changed(host);
      const verb = `processes ${session.pid} ${session.startTicks} ${session.uid}`;
      const answer = await ask(host, 'listing processes', () => probe.request(verb, signal));
      if (answer.kind !== 'processes') throw unexpected(host, answer.kind);
      if (!answer.found || answer.bootId !== session.bootId) throw changed(host);
      return processReadingOf(answer, rights);
    },
    async act(target, act, signal) {
      if (act.act === 'connect') throw noConnect(host);
      const verb = actVerb(xrdpIdentity(host, target), target, act);
      const answer = await ask(host, act.act, () => probe.request(verb, signal));
      if (answer.kind !== 'act') throw unexpected(host, answer.kind);
      return reportOf(host, answer);
    },
    async presence(target, signal) {
      const verb = ['presence', targetWords(xrdpIdentity(host, target), target.id), ...target.traces].join(' ');
      const answer = await ask(host, 'reading again', () => probe.request(verb, signal));
      if (answer.kind !== 'presence') throw unexpected(host, answer.kind);
      if (!answer.found) return absenceOf(answer);
      const listed = await ask(host, 'reading again', () => probe.request('list', signal));
      if (listed.kind !== 'list') throw unexpected(host, listed.kind);
      const reading = read(listed);
      return (
        presentIn(reading, target.identity, answer.traces) ?? {
          kind: 'unknown',
          readAt: reading.readAt,
          why: 'it is just ending',
        }
      );
    },
    async message(target, message, watcher, signal) {
      const isConnected = async (): Promise<boolean | null> => {
        const presence = await this.presence(target, signal);
        return presence.kind === 'there' ? presence.session.state === 'active' : null;
      };
      const named = targetWords(xrdpIdentity(host, target), target.id);
      const job = { probe, target: named, message, watcher, signal, isConnected };
      return ask(host, 'showing a message', () => showMessage(job, time));
    },
    administration: null,
    watch: (signal) => readingsOf(host.name, probe, read, signal),
    async [Symbol.asyncDispose]() {
      probe[Symbol.dispose]();
      await transport[Symbol.asyncDispose]();
    },
  };
}

async function ask<T>(host: Host, operation: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw error instanceof UsherError ? withContext(error, { host: host.name, operation }) : error;
  }
}

function noConnect(host: Host): UsherError {
  return new UsherError({
    code: 'not_allowed',
    host: host.name,
    message: 'a desktop of an xrdp host goes to whoever logs on as its user: it cannot be given to another client',
  });
}

function unexpected(host: Host, kind: string): UsherError {
  return new UsherError({ code: 'bad_answer', host: host.name, message: `the probe answered with '${kind}'` });
}

function changed(host: Host): UsherError {
  return new UsherError({
    code: 'session_changed',
    host: host.name,
    message: 'this session is no longer there',
    hint: 'list the sessions again',
  });
}
