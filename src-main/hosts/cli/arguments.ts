import { PalateError } from '../../contract/errors.ts'

/** @returns the error for a flag or argument that cannot be understood; the command then exits with 2 */
export function usageError(path: string, message: string): PalateError<'INPUT_INVALID'> {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path, message }] })
}

/** A whole number from `min` to `max`, or a usage error that names the flag. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN
  if (!(value >= min && value <= max)) {
    throw usageError(flag, `${flag} wants a whole number from ${min} to ${max}, not "${text}".`)
  }
  return value
}

/** Whole numbers separated by commas, each once, in the order given. */
export function wholeNumbers(flag: string, text: string, min: number, max: number): number[] {
  return [...new Set(names(flag, text).map((part) => wholeNumber(flag, part, min, max)))]
}

/** Names separated by commas, at least one. */
export function names(flag: string, text: string): string[] {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.some((part) => part === '')) {
    throw usageError(flag, `${flag} wants values separated by commas, for instance 1,2,3, not "${text}".`)
  }
  return parts
}

/** `name=value` pairs of a repeated flag; the value may hold further equal signs. */
export function assignments(flag: string, texts: readonly string[]): Record<string, string> {
  const entries = texts.map((text): [string, string] => {
    const at = text.indexOf('=')
    if (at < 1) throw usageError(flag, `${flag} wants name=value, for instance ${flag} gamma=0.9, not "${text}".`)
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  })
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => other === name) !== index)
  if (twice) throw usageError(flag, `${flag} gives ${twice[0]} more than once. Give it one value.`)
  return Object.fromEntries(entries)
}

export function oneOf<const V extends string>(flag: string, text: string, known: readonly V[]): V {
  const found = known.find((value) => value === text)
  if (found === undefined) throw usageError(flag, `${flag} wants one of ${known.join(', ')}, not "${text}".`)
  return found
}
