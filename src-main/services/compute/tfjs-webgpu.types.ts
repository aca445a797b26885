import type { TfjsPlan } from '../../engine/compute/tfjs/tfjs-plan.ts'
import type { InputValues } from '../../engine/compute/types.ts'

/** What the thread that computes says of itself when it is ready. */
export interface WebGpuGreeting {
  /** The adapter in words. */
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
}

/** What it is asked for; each is answered when it is done. */
export type WebGpuRequest =
  | {
      readonly kind: 'compile'
      readonly program: number
      readonly plan: TfjsPlan
      /** The bound sources one after another, 4 bytes an element, in the order of `plan.bound`. */
      readonly sources: SharedArrayBuffer
      /** The results likewise, in the order of `plan.results`. */
      readonly results: SharedArrayBuffer
    }
  | { readonly kind: 'upload'; readonly table: number; readonly values: InputValues }
  | { readonly kind: 'drop'; readonly table: number }
  /** @property tables for each bound source the table to read instead, or -1 */
  | { readonly kind: 'run'; readonly program: number; readonly tables: readonly number[] }
