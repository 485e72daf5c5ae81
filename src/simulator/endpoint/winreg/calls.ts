import type { ServedCall } from '../served-call.ts';
import { winregKeyCalls } from './keys.ts';
import { winregValueCalls } from './values.ts';

/** winreg ([MS-RRP] 3.1.5) of HKEY_LOCAL_MACHINE. */
export const winregCalls: readonly ServedCall[] = [...winregKeyCalls, ...winregValueCalls];
