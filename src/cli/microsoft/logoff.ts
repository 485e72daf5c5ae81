import { logoff as own } from '../logoff.ts';
import { alsoMicrosoft } from './session-act.ts';

/** Microsoft's name is Usher's: `usher logoff 3 /server:ts01` is `usher logoff 3 -s ts01`. */
export const logoff = alsoMicrosoft(own, 'logoff', null);
