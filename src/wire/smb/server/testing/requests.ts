import { type Codec, encode } from '../../../bytes/codec.ts';
import { ntStatus } from '../../../ms-erref/ntstatus.ts';
import { decodeBody } from '../../messages/command.ts';
import { fileInformationClass, pipeInformation } from '../../messages/file-information.ts';
import { noFile } from '../../messages/file-id.ts';
import { isFsctl } from '../../messages/ioctl.ts';
import { infoType } from '../../messages/query-info.ts';
import type { Answer } from './raw-client.ts';

export const nameOf = (status: number): string =>
  Object.entries(ntStatus).find(([, code]) => code === status)?.[0] ?? String(status);
export const statuses = (answers: readonly Answer[]): readonly string[] =>
  answers.map(({ header }) => nameOf(header.status));
export const readOf = (fileId = noFile, length = 100) => ({
  padding: 80,
  flags: 0,
  length,
  offset: 0n,
  fileId,
  minimumCount: 0,
});
export const writeOf = (text: string, fileId = noFile) => ({ data: Buffer.from(text), offset: 0n, fileId, flags: 0 });
export const ioctlOf = (code: number, fileId = noFile, input: Uint8Array = new Uint8Array()) => ({
  ctlCode: code,
  fileId,
  input,
  maxInputResponse: 0,
  maxOutputResponse: 1024,
  flags: isFsctl,
});
export const queryOf = (fileInfoClass: number, fileId = noFile, outputLength = 1000) => ({
  infoType: infoType.file,
  fileInfoClass,
  outputLength,
  input: new Uint8Array(),
  additionalInformation: 0,
  flags: 0,
  fileId,
});
export const pipeModes = (readMode: number, completionMode: number, fileId = noFile) => ({
  infoType: infoType.file,
  fileInfoClass: fileInformationClass.pipe,
  input: encode(pipeInformation, { readMode, completionMode }),
  additionalInformation: 0,
  fileId,
});
export function bodyOf<T>(
  command: { readonly name: string; readonly response: Codec<T> },
  answer: Answer | undefined,
): T {
  return decodeBody(command.name, command.response, answer?.message ?? new Uint8Array());
}
