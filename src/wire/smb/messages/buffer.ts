import type { Codec } from '../../bytes/codec.ts';
import { sized, writeSize } from '../../bytes/counted.ts';
import type { Split } from '../../bytes/layout.ts';
import type { Reader } from '../../bytes/reader.ts';
import { copied } from '../../bytes/room.ts';
import { fromUtf16, utf16 } from '../../bytes/utf16.ts';
import type { Writer } from '../../bytes/writer.ts';

/** How a buffer's place is told. */
export interface BufferPlace {
  readonly offset: Codec<number>;
  readonly length: Codec<number>;
  /** Unused bytes between offset and length. */
  readonly between?: number;
  /** What the buffer's beginning is a multiple of. */
  readonly alignment?: number;
}

/** Bytes anywhere behind the fixed fields, by their offset from the beginning of the message's header and their length. */
export function buffer({ offset, length, between = 0, alignment = 1 }: BufferPlace): Split<Uint8Array> {
  return {
    split: true,
    read(from) {
      const at = offset.read(from);
      from.skip(between);
      const size = length.read(from);
      return () => {
        if (size === 0) return new Uint8Array();
        from.seek(at);
        return copied(from.take(size));
      };
    },
    write(to, value) {
      const patch = placeholder(to, offset);
      to.zeros(between);
      writeSize(to, length, value.length);
      return () => {
        if (value.length > 0) to.align(alignment);
        patch(to.at);
        to.put(value);
      };
    },
  };
}

/** A buffer whose length stands before its offset (SET_INFO). */
export function bufferByLength({ offset, length }: Pick<BufferPlace, 'offset' | 'length'>): Split<Uint8Array> {
  return {
    split: true,
    read(from) {
      const size = length.read(from);
      const at = offset.read(from);
      return () => {
        if (size === 0) return new Uint8Array();
        from.seek(at);
        return copied(from.take(size));
      };
    },
    write(to, value) {
      writeSize(to, length, value.length);
      const patch = placeholder(to, offset);
      return () => {
        patch(to.at);
        to.put(value);
      };
    },
  };
}

/** Text as UTF-16LE in a buffer. */
export function textBuffer(place: BufferPlace): Split<string> {
  return mapped(buffer(place), fromUtf16, utf16);
}

/** Text as UTF-16LE right behind the fixed fields. */
export function sizedText(length: Codec<number>): Split<string> {
  return mapped(sized(length), fromUtf16, utf16);
}

/** Writes a zero now and gives what overwrites it. */
export function placeholder(to: Writer, codec: Codec<number>): (value: number) => void {
  const at = to.at;
  codec.write(to, 0);
  const size = to.at - at;
  return (value) => {
    if (size === 4) to.patch32(at, value);
    else if (size === 2) to.patch16(at, value);
    else to.patch(at, Uint8Array.of(value));
  };
}

/** Reads elsewhere in the message without losing the place. */
export function peek<T>(from: Reader, at: number, codec: Codec<T>): T {
  const back = from.at;
  from.seek(at);
  const value = codec.read(from);
  from.seek(back);
  return value;
}

function mapped<A, B>(split: Split<A>, there: (value: A) => B, back: (value: B) => A): Split<B> {
  return {
    split: true,
    read(from) {
      const read = split.read(from);
      return () => there(read(from));
    },
    write: (to, value) => split.write(to, back(value)),
  };
}
