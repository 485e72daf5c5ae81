import type { NtStatusName } from '../../../ms-erref/ntstatus.ts';
import { access } from '../../messages/create.ts';
import { echo } from '../../messages/echo.ts';
import { flush } from '../../messages/flush.ts';
import { read } from '../../messages/read.ts';
import { write } from '../../messages/write.ts';
import type { PipeInstance, ReadOutcome, Reader, Writer } from '../pipe-instance.ts';
import { type Outcome, reply } from '../reply.ts';
import { type Handler, handler, isPaid, openOf, type Request, type Work } from '../request.ts';

const unbuffered = 1;
const writeFlags = 3;

/** SMB2 READ (MS-SMB2 3.3.5.12): a message, or as much of it as is asked for; waits where there is none. */
export const onRead: Handler = handler(read, 'tree', (work, request, { length, flags, fileId }): Outcome => {
  const open = openOf(request, fileId);
  if (typeof open === 'string') return open;
  if ((open.access & access.readData) === 0) return 'STATUS_ACCESS_DENIED';
  if (!isPaid(work, request, length) || (flags & unbuffered) !== 0) return 'STATUS_INVALID_PARAMETER';
  return readFrom(work, request, open.instance, length, readReply);
});

function readReply(outcome: ReadOutcome): Outcome {
  if (typeof outcome === 'string') return outcome;
  const { data, more } = outcome;
  const status = more ? 'STATUS_BUFFER_OVERFLOW' : 'STATUS_SUCCESS';
  return reply(read, { data, dataRemaining: 0, flags: 0 }, { status });
}

/** What a pipe has to say, now or as soon as it says something. */
export function readFrom(
  work: Work,
  request: Request,
  instance: PipeInstance,
  length: number,
  answer: (outcome: ReadOutcome) => Outcome,
): Outcome {
  const now = instance.read(length);
  if (now !== null) return answer(now);
  const reader: Reader = {
    length,
    done: (outcome) => {
      work.complete(request, answer(outcome));
    },
  };
  const refusal = work.park(request, { instance, waiter: reader, bytes: 0 });
  if (refusal === null) instance.waitToRead(reader);
  return refusal;
}

/** SMB2 WRITE (3.3.5.13): one message, which waits while too much is unread. */
export const onWrite: Handler = handler(write, 'tree', (work, request, { data, flags, fileId }): Outcome => {
  const open = openOf(request, fileId);
  if (typeof open === 'string') return open;
  if ((open.access & (access.writeData | access.appendData)) === 0) return 'STATUS_ACCESS_DENIED';
  if (!isPaid(work, request, data.length) || (flags & writeFlags) !== 0) return 'STATUS_INVALID_PARAMETER';
  const { instance } = open;
  const written = instance.write(data);
  const done = (): Outcome => reply(write, { count: data.length });
  if (written === true) return done();
  return written ?? writeLater(work, request, instance, data, done);
});

/** SMB2 FLUSH (3.3.5.11): until nothing that was written waits. */
export const onFlush: Handler = handler(flush, 'tree', (work, request, { fileId }): Outcome => {
  const open = openOf(request, fileId);
  if (typeof open === 'string') return open;
  if ((open.access & (access.writeData | access.appendData)) === 0) return 'STATUS_ACCESS_DENIED';
  const done = (): Outcome => reply(flush, null);
  return open.instance.isFlushed ? done() : writeLater(work, request, open.instance, null, done);
});

/** Has a message wait for its turn. */
export function writeLater(
  work: Work,
  request: Request,
  instance: PipeInstance,
  data: Uint8Array | null,
  written: () => Outcome,
): NtStatusName | null {
  const writer: Writer = {
    data,
    done: (refusal) => {
      work.complete(request, refusal ?? written());
    },
  };
  const refusal = work.park(request, { instance, waiter: writer, bytes: data?.length ?? 0 });
  if (refusal === null) instance.waitToWrite(writer);
  return refusal;
}

/** SMB2 ECHO (3.3.5.17). */
export const onEcho: Handler = handler(
  echo,
  'nothing',
  (_work, { header, session }): Outcome =>
    header.sessionId !== 0n && session === null ? 'STATUS_USER_SESSION_DELETED' : reply(echo, null),
);
