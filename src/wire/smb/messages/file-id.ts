import { u64, type ValueOf } from '../../bytes/codec.ts';
import { layout } from '../../bytes/layout.ts';

/** SMB2_FILEID (MS-SMB2 2.2.14.1). */
export const fileId = layout({ persistent: u64, volatile: u64 });

export type FileId = ValueOf<typeof fileId>;

/** Stands for no file, where a control code needs none (2.2.31). */
export const noFile: FileId = { persistent: 0xffffffffffffffffn, volatile: 0xffffffffffffffffn };
