import type { ServedCall } from '../served-call.ts';
import { icaInformationCalls } from './information.ts';
import { icaProcessCalls } from './processes.ts';
import { icaSessionCalls } from './sessions.ts';

/** IcaApi ([MS-TSTS] 3.7.4.1), as far as Windows Server 2008 and later have it. */
export const icaApiCalls: readonly ServedCall[] = [...icaSessionCalls, ...icaInformationCalls, ...icaProcessCalls];
