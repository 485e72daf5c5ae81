import { type Codec, u16, u32, u8, type ValueOf } from '../../bytes/codec.ts';
import { sized } from '../../bytes/counted.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';
import { Reader } from '../../bytes/reader.ts';
import { Writer } from '../../bytes/writer.ts';

const raw = layout({
  structureSize: fixed(u16, 9),
  errorContextCount: u8,
  reserved: unused(1),
  errorData: sized(u32),
});

/** SMB2 ERROR Context Response (MS-SMB2 2.2.2.1). */
const errorContext = layout({ errorContextData: sized(u32), errorId: u32 });

export type ErrorContext = ValueOf<typeof errorContext>;

/** SMB2 ERROR Response (2.2.2): contexts in SMB 3.1.1, bare data (2.2.2.2) before. */
export interface ErrorResponse {
  readonly errorContexts: readonly ErrorContext[];
  /** Empty where there are contexts. */
  readonly errorData: Uint8Array;
}

const contextAlignment = 8;

export const error: Codec<ErrorResponse> = {
  read(from) {
    const { errorContextCount, errorData } = raw.read(from);
    if (errorContextCount === 0) return { errorContexts: [], errorData };
    const reader = new Reader('SMB2 ERROR Context', errorData);
    const errorContexts: ErrorContext[] = [];
    for (let at = 0; at < errorContextCount; at++) {
      reader.align(contextAlignment);
      errorContexts.push(errorContext.read(reader));
    }
    return { errorContexts, errorData: new Uint8Array() };
  },
  write(to, { errorContexts, errorData }) {
    const data = new Writer();
    data.put(errorData);
    for (const context of errorContexts) {
      data.align(contextAlignment);
      errorContext.write(data, context);
    }
    raw.write(to, { errorContextCount: errorContexts.length, errorData: data.finish() });
  },
};
