import type { StubReader, StubWriter } from './stub.ts';
import { type Immediate, immediate, type Ndr, type ValueOf } from './type.ts';

export type Arms = Readonly<Record<number, Ndr<unknown>>>;

/** One of the arms, by its tag. */
export type UnionOf<A> = {
  readonly [Tag in keyof A]: { readonly tag: Tag; readonly value: ValueOf<A[Tag]> };
}[keyof A];

/** A union behind its tag (C706 14.3.8). A tag that has no arm is refused: nobody knows how long it is. */
export function union<A extends Arms>(tagType: Immediate<number>, arms: A): Ndr<UnionOf<A>> {
  return {
    alignment: alignmentOf(tagType, arms),
    read(from, put) {
      const tag = tagType.take(from);
      armOf(from, arms, tag).read(from, (value) => put({ tag, value } as UnionOf<A>));
    },
    write: (to, value) => writeUnion(to, tagType, arms, value),
  };
}

/** A union without pointers in its arms. */
export function immediateUnion<A extends Readonly<Record<number, Immediate<unknown>>>>(
  tagType: Immediate<number>,
  arms: A,
): Immediate<UnionOf<A>> {
  return immediate({
    alignment: alignmentOf(tagType, arms),
    take(from) {
      const tag = tagType.take(from);
      return { tag, value: armOf<Immediate<unknown>>(from, arms, tag).take(from) } as UnionOf<A>;
    },
    write: (to, value) => writeUnion(to, tagType, arms, value),
  });
}

/** A union whose tag is a field of its structure as well, right before it: it is sent twice. */
export function switchedUnion<A extends Arms>(tagType: Immediate<number>, arms: A): Ndr<UnionOf<A>> {
  const inner = union(tagType, arms);
  return {
    alignment: inner.alignment,
    read(from, put) {
      from.align(inner.alignment);
      const level = tagType.take(from);
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

function alignmentOf(tagType: Ndr<number>, arms: Arms): number {
  return Math.max(tagType.alignment, ...Object.values<Ndr<unknown>>(arms).map(({ alignment }) => alignment));
}

function armOf<N extends Ndr<unknown>>(from: StubReader, arms: Readonly<Record<number, N>>, tag: number): N {
  const arm = arms[tag];
  if (arm === undefined) throw from.wrong(`has the tag ${tag}, which has no arm`);
  return arm;
}

function writeUnion<A extends Arms>(to: StubWriter, tagType: Ndr<number>, arms: A, union: UnionOf<A>): void {
  const { tag, value } = union as { readonly tag: number; readonly value: unknown };
  tagType.write(to, tag);
  arms[tag]?.write(to, value);
}
