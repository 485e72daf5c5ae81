import { shadow as own } from '../shadow.ts';
import { alsoMicrosoft } from './session-act.ts';

/** Microsoft's name is Usher's: `usher shadow 93 /server:ts01` is `usher shadow 93 -s ts01`. */
export const shadow = alsoMicrosoft(own, 'shadow', null);
