/** A text to look for, in lower case, cut at each `*`. */
export interface Glob {
  readonly pieces: readonly string[]
  /** The text must be all of it, not contain it. */
  readonly whole: boolean
}

/**
 * Whether a text fits, without letter case. Each piece is taken where it first occurs, which finds a fit if there is one, in time
 * that grows with the text: a regular expression of many `*` may take for ever.
 */
export function fitsGlob(text: string, { pieces, whole }: Glob): boolean {
  const hay = text.toLowerCase()
  const [first = '', ...others] = pieces
  if (!whole) return hay.includes(first)
  const last = others.pop()
  if (last === undefined) return hay === first
  if (!hay.startsWith(first)) return false
  let at = first.length
  for (const piece of others) {
    const next = hay.indexOf(piece, at)
    if (next < 0) return false
    at = next + piece.length
  }
  return hay.length - last.length >= at && hay.endsWith(last)
}
