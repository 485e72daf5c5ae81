import type { StubReader } from './stub.ts';
import type { Ndr, ValueOf } from './type.ts';

export type Arms = Readonly<Record<number, Ndr<unknown>>>;

/** One of the arms, by its tag. */
export type UnionOf<A> = {
  readonly [Tag in keyof A]: { readonly tag: Tag; readonly value: ValueOf<A[Tag]> };
}[keyof A];

/** A union behind its tag (C706 14.3.8). A tag that has no arm is refused: nobody knows how long it is. */
export function union<A extends Arms>(tagType: Ndr<number>, arms: A): Ndr<UnionOf<A>> {
  const declared: Arms = arms;
  const alignments = Object.values<Ndr<unknown>>(arms).map(({ alignment }) => alignment);
  return {
    alignment: Math.max(tagType.alignment, ...alignments),
    read(from, put) {
      const tag = readTag(from, tagType);
      const arm = declared[tag];
      if (arm === undefined) throw from.wrong(`has the tag ${tag}, which has no arm`);
      arm.read(from, (value) => put({ tag, value } as UnionOf<A>));
    },
    write(to, value) {
      const { tag, value: contents } = value as { readonly tag: number; readonly value: unknown };
      tagType.write(to, tag);
      declared[tag]?.write(to, contents);
    },
  };
}

/** A union whose tag is a field of its structure as well, right before it: it is sent twice. */
export function switchedUnion<A extends Arms>(tagType: Ndr<number>, arms: A): Ndr<UnionOf<A>> {
  const inner = union(tagType, arms);
  return {
    alignment: inner.alignment,
    read(from, put) {
      from.align(inner.alignment);
      const level = readTag(from, tagType);
      inner.read(from, (value) => {
        if (value.tag !== level) throw from.wrong(`has the tag ${String(value.tag)} behind ${level}`);
        put(value);
      });
    },
    write(to, value) {
      to.align(inner.alignment);
      tagType.write(to, value.tag as number);
      inner.write(to, value);
    },
  };
}

function readTag(from: StubReader, tagType: Ndr<number>): number {
  let tag = 0;
  tagType.read(from, (value) => {
    tag = value;
  });
  return tag;
}
