import type { LogonMode } from '../../administration.ts';

/** The value of TSServerDrainMode that outlasts a restart of the host; the other one of 1 and 2 does not. */
export type LastingDrain = 1 | 2;

/**
 * No specification says which of the two it is, and what is published disagrees. Where a host's entry of the inventory does
 * not say, it is 2: 1 is `/drainuntilrestart` in VMware's documentation of Horizon 7.13 ("Status of RDS Hosts").
 */
export const usualLastingDrain: LastingDrain = 2;

/** The modes in which who is new is refused, and the value of TSServerDrainMode that each is; 0 is none of them. */
export const drainValues: Readonly<Record<LastingDrain, Readonly<Record<DrainMode, number>>>> = {
  1: { drain: 1, 'drain-until-restart': 2 },
  2: { drain: 2, 'drain-until-restart': 1 },
};

export type DrainMode = Extract<LogonMode, 'drain' | 'drain-until-restart'>;
