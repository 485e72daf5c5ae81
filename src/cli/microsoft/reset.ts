import { reset as own } from '../reset.ts';
import { alsoMicrosoft } from './session-act.ts';

/** `usher reset session 3 /server:ts01` is `usher reset 3 -s ts01`. */
export const reset = alsoMicrosoft(own, 'reset session', 'session');
