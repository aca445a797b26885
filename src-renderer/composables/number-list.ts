export type NumberList = { ok: true; values: number[] } | { ok: false; message: string }

/**
 * Reads "1, 2, 3" or "1-5" or "1 2 3"; a range includes both ends.
 *
 * @param what the noun for the message, for instance "seed"
 */
export function parseNumberList(
  text: string,
  what: string,
  { min, max, most }: { min: number; max: number; most: number },
): NumberList {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  if (parts.length === 0) return { ok: false, message: `Give at least one ${what}, for instance "1, 2, 3".` }
  const values: number[] = []
  for (const part of parts) {
    const match = /^(\d+)(?:(?:-|\.\.)(\d+))?$/.exec(part)
    const from = Number(match?.[1])
    const to = match?.[2] === undefined ? from : Number(match[2])
    if (!match || from < min || to > max || to < from) {
      return {
        ok: false,
        message: `"${part.slice(0, 30)}" is no ${what}: whole numbers from ${min} to ${max} are, and ranges such as 1-5.`,
      }
    }
    if (to - from >= most) return { ok: false, message: `At most ${most} of them at a time.` }
    for (let value = from; value <= to; value += 1) values.push(value)
  }
  const unique = [...new Set(values)]
  return unique.length > most ? { ok: false, message: `At most ${most} of them at a time.` } : { ok: true, values: unique }
}
