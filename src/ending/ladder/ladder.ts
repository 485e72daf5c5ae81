import type { SessionState } from '../../sessions/state.ts';
import type { EndingPlan, Step } from './plan.ts';

/** A moment in milliseconds since 1970-01-01Z. The whole ladder is plain data, so that it can be written down. */
export type Moment = number;

/** What the ladder knows of the session from the last reading that found it. */
export interface LastSeen {
  readonly state: SessionState | null;
  readonly lastInputAt: Moment | null;
}

export type Outcome =
  /** Seen gone by a complete reading; or seen disconnected, where that was the aim. */
  | { readonly kind: 'ended'; readonly readAt: Moment; readonly step: Step | null; readonly gone: boolean }
  | { readonly kind: 'came_back'; readonly why: string }
  | { readonly kind: 'cancelled'; readonly during: string }
  | { readonly kind: 'session_changed'; readonly why: string }
  /** Whether the reason for the ending still holds cannot be seen: nothing was done. */
  | { readonly kind: 'not_allowed'; readonly why: string }
  /** A step was tried, and what came of it could not be read. `resume` settles it. */
  | { readonly kind: 'unknown'; readonly step: Step; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly step: Step;
      readonly why: string;
      /** The host did not let it be done; what can be done about it is its hint. */
      readonly refused: boolean;
      readonly hint: string | null;
      /** Whether force would go further. */
      readonly further: boolean;
      /** The user's programs that hear no request because they are stopped. */
      readonly stopped: readonly Running[];
    };

export type Phase =
  | {
      readonly kind: 'warning';
      readonly shownAt: Moment;
      readonly until: Moment;
      readonly extensions: number;
      /** When the user answered last; a click is input, and no coming back. */
      readonly answeredAt: Moment | null;
      /** Whether the message is on the screen. */
      readonly showing: boolean;
    }
  | {
      readonly kind: 'acting';
      readonly step: Step;
      readonly since: Moment;
      /** How often it was tried, this time included. */
      readonly tries: number;
      /** What must still hold on the host; null: nothing but the identity. */
      readonly provided: Provided | null;
    }
  | {
      readonly kind: 'verifying';
      readonly step: Step;
      readonly since: Moment;
      readonly until: Moment;
      /** Whether the host confirmed that the step was done. */
      readonly sent: boolean;
      readonly tries: number;
      /** What must still hold as long as no step was confirmed; null after that. */
      readonly provided: Provided | null;
      /** Why the host refused to repeat a step; null where it did not. */
      readonly changed: string | null;
      /** Whether the last reading before the decision is under way. */
      readonly last: boolean;
    }
  | { readonly kind: 'over'; readonly outcome: Outcome };

/** One line of the story: what was tried, when, and what came of it. */
export interface StepRecord {
  readonly step: Step | 'warn';
  readonly began: Moment;
  readonly ended: Moment;
  readonly result: string;
}

/** One run of the ladder: data alone. */
export interface Ladder {
  readonly plan: EndingPlan;
  /** The state and last input that the ending was decided on. */
  readonly decidedOn: LastSeen;
  readonly seen: LastSeen;
  readonly phase: Phase;
  readonly records: readonly StepRecord[];
}

/** What was seen of the session, in one reading. */
export type Sight =
  | {
      readonly kind: 'there';
      readonly readAt: Moment;
      readonly session: LastSeen;
      readonly running: readonly Running[];
    }
  | { readonly kind: 'remains'; readonly readAt: Moment; readonly left: readonly Running[] }
  | { readonly kind: 'gone'; readonly readAt: Moment }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Running {
  /** Name and pid: `soffice.bin 4711`. */
  readonly name: string;
  readonly pid: number;
  /** Whether it is stopped (SIGSTOP, a debugger): a request to end stays pending until it goes on. */
  readonly stopped: boolean;
  /**
   * One of the user's programs, or a part of the session such as its X server; `protected` is what is never killed: csrss, smss,
   * wininit, lsass, services; on xrdp the session leader.
   */
  readonly part: 'program' | 'session' | 'protected';
}

export type LadderEvent =
  | { readonly kind: 'answered'; readonly answer: 'now' | 'later' }
  /** The message is off the screen without an answer, or never came there. */
  | { readonly kind: 'message-over'; readonly why: string }
  | { readonly kind: 'seen'; readonly sight: Sight }
  | { readonly kind: 'acted'; readonly did: readonly string[] }
  | {
      readonly kind: 'act-failed';
      readonly failure: 'changed' | 'refused' | 'no-answer';
      readonly why: string;
      readonly hint: string | null;
    }
  /** The act was called off before it was sent. */
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'tick' };

export type LadderCommand =
  /** Shows the warning, or shows it anew, until this moment. `more` tells whether more time may be asked for. */
  | { readonly kind: 'warn'; readonly until: Moment; readonly more: boolean }
  | { readonly kind: 'take-back' }
  /** Compares and acts: null or what must still hold. */
  | { readonly kind: 'act'; readonly step: Step; readonly provided: Provided | null }
  /** Reads the session again; `names` asks what runs in it. */
  | { readonly kind: 'read'; readonly names: boolean }
  /** Sends a tick then. A later `wait`, `read` or `act` takes its place: one of them is under way at any time. */
  | { readonly kind: 'wait'; readonly until: Moment };

/** What an act checks again on the host, beside the identity. */
export interface Provided {
  readonly state: SessionState | null;
  readonly lastInputAt: Moment | null;
}

export interface Turn {
  readonly ladder: Ladder;
  readonly commands: readonly LadderCommand[];
}
