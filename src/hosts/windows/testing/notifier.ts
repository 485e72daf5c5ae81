import { nullHandle } from '../../../wire/ndr/context-handle.ts';
import { registerAsyncNotification } from '../../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { unregisterAsyncNotification } from '../../../wire/ms-tsts/term-srv-notification/unregister-async-notification.ts';
import { waitAsyncNotification } from '../../../wire/ms-tsts/term-srv-notification/wait-async-notification.ts';
import { type Answer, answer } from './host.ts';

/** ERROR_OPERATION_ABORTED as an HRESULT ([MS-ERREF] 2.1). */
const aborted = 0x800703e3 | 0;

/** What a host answers to those who want to be told of changes; the test says when something happens. */
export class Notifier {
  /** What registering returns: 0 lets one. */
  refusal = 0;
  readonly asked: { readonly sessionId: number; readonly mask: number }[] = [];
  readonly #waiting: ((told: Told) => void)[] = [];
  #kept: Told | null = null;

  readonly answers: readonly Answer[] = [
    answer(registerAsyncNotification, (request) => {
      this.asked.push(request);
      return { phNotify: { ...nullHandle, attributes: this.asked.length }, returnValue: this.refusal };
    }),
    answer(waitAsyncNotification, async () => {
      const told = this.#take() ?? (await new Promise<Told>((tell) => this.#waiting.push(tell)));
      if (told === 'nothing') return { sessionChange: null, returnValue: aborted };
      return { sessionChange: told.map((sessionId) => ({ sessionId, notificationId: 0x400 })), returnValue: 0 };
    }),
    answer(unregisterAsyncNotification, () => ({ phNotify: nullHandle, returnValue: 0 })),
  ];

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Something happens to these sessions: who waits is told, else who waits next. */
  tell(...sessions: readonly number[]): void {
    const tell = this.#waiting.shift();
    const told = sessions.length > 0 ? sessions : [2];
    if (tell === undefined) this.#kept = told;
    else tell(told);
  }

  /** Who waits is told that it was for nothing. */
  abort(): void {
    this.#waiting.shift()?.('nothing');
  }

  #take(): Told | null {
    const kept = this.#kept;
    this.#kept = null;
    return kept;
  }
}

/** The sessions to which something happened; or that there is no more to wait for. */
type Told = readonly number[] | 'nothing';
