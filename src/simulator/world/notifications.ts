/** SESSION_CHANGE ([MS-TSTS] 2.2.2.42). */
export interface SessionChange {
  readonly sessionId: number;
  /** One bit of TNotificationId. */
  readonly notificationId: number;
}

/** Stands for all sessions. */
export const allSessions = -1;

/** The most changes that are kept for somebody who does not ask: the oldest go first. */
const mostPending = 4096;

/** What somebody wants to be told of; kept until he asks. */
export class Subscription {
  readonly #sessionId: number;
  readonly #mask: number;
  #pending: SessionChange[] = [];
  #waiting: (() => void) | null = null;
  #isEnded = false;

  constructor(sessionId: number, mask: number) {
    this.#sessionId = sessionId;
    this.#mask = mask;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isWaitedFor(): boolean {
    return this.#waiting !== null;
  }

  tell(change: SessionChange): void {
    if (this.#sessionId !== allSessions && this.#sessionId !== change.sessionId) return;
    if ((change.notificationId & this.#mask) === 0) return;
    this.#pending.push(change);
    if (this.#pending.length > mostPending) this.#pending.shift();
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** All changes since it was asked the last time. */
  take(): readonly SessionChange[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  /** Calls once there is something to take, or the subscription has ended. One waits at a time. */
  wait(ready: () => void): Disposable {
    this.#waiting = ready;
    if (this.#pending.length > 0 || this.#isEnded) this.#wake();
    return {
      [Symbol.dispose]: () => {
        if (this.#waiting === ready) this.#waiting = null;
      },
    };
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}

/** Who is told of what happens on a host. */
export class Notifications {
  readonly #subscriptions = new Set<Subscription>();

  get count(): number {
    return this.#subscriptions.size;
  }

  subscribe(sessionId: number, mask: number): Subscription {
    const subscription = new Subscription(sessionId, mask);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    subscription.end();
  }

  /** In this order. */
  tell(sessionId: number, ...notificationIds: readonly number[]): void {
    for (const notificationId of notificationIds) {
      for (const subscription of this.#subscriptions) subscription.tell({ sessionId, notificationId });
    }
  }
}
