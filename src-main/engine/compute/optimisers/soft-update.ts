import { requireSameLayout } from '../arena.ts'
import type { Passes } from '../passes.types.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ParameterArena } from '../types.ts'

/** target = (1 - tau) target + tau source, element by element; tau from 0 (nothing) to 1 (copy). @throws GraphError on another layout */
export function softUpdate(target: ParameterArena, source: ParameterArena, tau: number, passes: Passes = plainPasses): void {
  if (target.entries.length !== source.entries.length || target.values.length !== source.values.length)
    requireSameLayout(target, source)
  passes.approach(target.values, source.values, tau)
}
