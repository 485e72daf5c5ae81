/** Up to three of the names that the text may have been meant for, nearest first. */
export function nearNames(text: string, names: readonly string[]): readonly string[] {
  const wanted = text.toLowerCase();
  const tolerance = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase(), tolerance) }))
    .filter(({ far }) => far <= tolerance)
    .sort((one, other) => one.far - other.far || one.name.localeCompare(other.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `did you mean xh1 or xh2?`, or undefined where no name is near. */
export function hintOfNear(text: string, names: readonly string[]): string | undefined {
  const near = nearNames(text, names);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}

/** Single insertions, deletions and replacements between two texts (Levenshtein); anything beyond the limit is limit + 1. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? limit + 1;
}
