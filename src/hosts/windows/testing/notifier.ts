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
  readonly #waiting: ((returnValue: number) => void)[] = [];
  #kept = 0;

  readonly answers: readonly Answer[] = [
    answer(registerAsyncNotification, (request) => {
      this.asked.push(request);
      return { phNotify: { ...nullHandle, attributes: this.asked.length }, returnValue: this.refusal };
    }),
    answer(waitAsyncNotification, async () => {
      const returnValue = this.#kept > 0 ? this.#take() : await new Promise<number>((told) => this.#waiting.push(told));
      const change = { sessionId: 2, notificationId: 0x400 };
      return { sessionChange: returnValue === 0 ? [change] : null, returnValue };
    }),
    answer(unregisterAsyncNotification, () => ({ phNotify: nullHandle, returnValue: 0 })),
  ];

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Something happens: who waits is told, else who waits next. */
  tell(): void {
    const told = this.#waiting.shift();
    if (told === undefined) this.#kept += 1;
    else told(0);
  }

  /** Who waits is told that it was for nothing. */
  abort(): void {
    this.#waiting.shift()?.(aborted);
  }

  #take(): number {
    this.#kept = 0;
    return 0;
  }
}
