import type { Passes } from './passes.types.ts'
import { plainPasses } from './plain/plain-passes.ts'
import type { ParameterArena } from './types.ts'

/** @returns the index of the first element that is NaN or infinite, or -1 */
export function firstNonFiniteIndex(values: ArrayLike<number>): number {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index]!)) return index
  return -1
}

/** @returns the name of the first tensor that holds NaN or an infinity, or null */
export function firstNonFinite(arena: ParameterArena, passes: Passes = plainPasses): string | null {
  if (passes.allFinite(arena.values)) return null
  const index = firstNonFiniteIndex(arena.values)
  return arena.entries.find((entry) => index >= entry.offset && index < entry.offset + entry.size)?.name ?? null
}
