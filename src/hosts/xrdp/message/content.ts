/** What a message box says and asks. */
export interface BoxContent {
  readonly title: string;
  /** Lines end with `\n`; long ones are wrapped. */
  readonly text: string;
  /** From left to right. `answer` is what a press on it is told as. */
  readonly buttons: readonly { readonly answer: string; readonly label: string }[];
  /** When it goes away without an answer, in milliseconds since 1970-01-01Z; null: it stays. */
  readonly until: number | null;
  /** The line of the countdown for the time left; null: there is none. */
  readonly countdown: ((secondsLeft: number) => string) | null;
}

/** How a box came to its end. */
export type BoxOutcome =
  | { readonly kind: 'answered'; readonly answer: string }
  | { readonly kind: 'timed-out' }
  /** Somebody else closed it, or it was taken back. */
  | { readonly kind: 'closed' }
  /** The X server said something unreadable, or refused to show it. */
  | { readonly kind: 'lost'; readonly why: string };

/** The countdown's line now; null where there is none. */
export function countdownAt({ until, countdown }: BoxContent, now: number): string | null {
  if (until === null || countdown === null) return null;
  return countdown(Math.max(0, Math.ceil((until - now) / 1000)));
}

/** In characters. */
const longestWindowTitle = 256;

/** The title by which other programs know the window; a window manager shows none of it. */
export function windowTitle({ title }: BoxContent): string {
  return title.slice(0, longestWindowTitle);
}
