import type { Seconds } from '../sessions/duration.ts';

export interface MessageButton {
  /** What the caller is told when it is pressed. */
  readonly answer: string;
  /** What the user reads. */
  readonly label: string;
}

/** Something to read on a session's desktop, and what can be said to it. */
export interface Message {
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly [MessageButton, ...MessageButton[]];
  /** How long it stays without an answer. */
  readonly stays: Seconds;
  /** A line that tells how much time is left, shown below the text and kept up to date; null: none. */
  readonly countdown: ((left: Seconds) => string) | null;
}

export type MessageOutcome =
  | { readonly kind: 'answered'; readonly answer: string }
  /** It was on the screen, in front of a connected client, for its whole time. */
  | { readonly kind: 'timed-out' }
  /** The user closed it without an answer. */
  | { readonly kind: 'closed' }
  /** It was on the desktop, but no client was connected to see it. */
  | { readonly kind: 'unseen' }
  /**
   * Not waited for, or not any more, and it stays until its time is over: this kind of host takes no message back, and hears no
   * answer where too many are waited for already.
   */
  | { readonly kind: 'left' }
  | { readonly kind: 'not-shown'; readonly why: string };

/** What is told while a message is up. */
export interface MessageWatcher {
  /** It is on the screen; `by` is the program that shows it, `usher` where it is drawn. */
  shown(by: string): void;
}
