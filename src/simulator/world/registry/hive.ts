/** A value of the registry: its type ([MS-RRP] 3.1.1.5) and its bytes. */
export interface HiveValue {
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array;
}

/** A key. Keys never change: a change makes new ones on the way to it, so that thousands of hosts share what they have alike. */
export interface HiveKey {
  readonly name: string;
  /** By their names in lower case. */
  readonly values: ReadonlyMap<string, HiveValue>;
  /** By their names in lower case. */
  readonly subKeys: ReadonlyMap<string, HiveKey>;
  /** A FILETIME. */
  readonly lastWrite: bigint;
}

export const emptyKey = (name: string, lastWrite: bigint): HiveKey => ({
  name,
  values: new Map(),
  subKeys: new Map(),
  lastWrite,
});

/** `SYSTEM\CurrentControlSet` in its parts; no parts for an empty path. */
export function pathParts(path: string): readonly string[] {
  return path.split('\\').filter((part) => part !== '');
}

/** Null where there is no such key. */
export function keyAt(root: HiveKey, path: readonly string[]): HiveKey | null {
  let key: HiveKey | undefined = root;
  for (const part of path) {
    key = key.subKeys.get(part.toLowerCase());
    if (key === undefined) return null;
  }
  return key;
}

export function valueAt(root: HiveKey, path: readonly string[], name: string): HiveValue | null {
  return keyAt(root, path)?.values.get(name.toLowerCase()) ?? null;
}

/** With a key changed, which is made where it is not there. */
export function withKey(
  root: HiveKey,
  path: readonly string[],
  now: bigint,
  change: (key: HiveKey) => HiveKey,
): HiveKey {
  const [first, ...rest] = path;
  if (first === undefined) return change(root);
  const before = root.subKeys.get(first.toLowerCase());
  const after = withKey(before ?? emptyKey(first, now), rest, now, change);
  if (after === before) return root;
  const subKeys = new Map(root.subKeys).set(first.toLowerCase(), after);
  return { ...root, subKeys, lastWrite: before === undefined ? now : root.lastWrite };
}

export function withValue(root: HiveKey, path: readonly string[], value: HiveValue, now: bigint): HiveKey {
  return withKey(root, path, now, (key) => ({
    ...key,
    values: new Map(key.values).set(value.name.toLowerCase(), value),
    lastWrite: now,
  }));
}

/** The same root where there is no such value. */
export function withoutValue(root: HiveKey, path: readonly string[], name: string, now: bigint): HiveKey {
  if (valueAt(root, path, name) === null) return root;
  return withKey(root, path, now, (key) => {
    const values = new Map(key.values);
    values.delete(name.toLowerCase());
    return { ...key, values, lastWrite: now };
  });
}

/** The same root where there is no such key. */
export function withoutKey(root: HiveKey, path: readonly string[], now: bigint): HiveKey {
  const last = path.at(-1);
  if (last === undefined || keyAt(root, path) === null) return root;
  return withKey(root, path.slice(0, -1), now, (key) => {
    const subKeys = new Map(key.subKeys);
    subKeys.delete(last.toLowerCase());
    return { ...key, subKeys, lastWrite: now };
  });
}
