/**
 * The list of before where it held the very same things in the same order: a computed list that returns it tells nobody of a
 * change that is none.
 */
export function sameList<T>(before: T[] | undefined, next: T[]): T[] {
  const same = before?.length === next.length && before.every((one, at) => one === next[at])
  return same ? before! : next
}
