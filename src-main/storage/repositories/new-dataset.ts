import type { ImportReport, RatingScale, TimeKind } from '../../contract/dto/dataset.ts'
import { PalateError } from '../../contract/errors.ts'
import type { PackedColumns } from './packed-columns.ts'

export interface NewUser {
  readonly userId: string
  readonly attributes: Readonly<Record<string, string | number>> | null
}

export interface NewItem {
  readonly itemId: string
  readonly title: string | null
  readonly year: number | null
  readonly genres: readonly string[]
  /** What else a catalogue says, for instance the author of a book. */
  readonly attributes?: Readonly<Record<string, string | number>> | undefined
}

/** In which scenario each rating was given: 0 for none, else a position in `names` from 1. */
export interface Scenarios {
  readonly names: readonly string[]
  readonly codes: Uint16Array
}

/** A complete data set, ready to be stored. Positions in `users` and `items` are the dense indices. */
export interface NewDataset {
  readonly name: string
  readonly format: string
  readonly source: string
  readonly createdAt: number
  readonly scale: RatingScale
  readonly timeKind: TimeKind
  readonly fingerprint: string
  readonly users: readonly NewUser[]
  readonly items: readonly NewItem[]
  readonly columns: PackedColumns
  /** Where the source tells. */
  readonly scenarios?: Scenarios | undefined
  /** The time it took is not known before the end, so it is asked for when the last row is in. */
  readonly report: () => ImportReport
}

export interface StoreOptions {
  readonly signal?: AbortSignal | undefined
  /** After every chunk. @param rows interactions stored so far */
  readonly onProgress?: ((stage: 'storing' | 'indexing', rows: number) => void) | undefined
}

/** @throws PalateError CANCELLED when `signal` is aborted */
export function throwIfCancelled(signal: AbortSignal | undefined, name: string): void {
  if (!signal?.aborted) return
  throw new PalateError('CANCELLED', `The import of "${name}" was cancelled. Nothing of it was kept.`, {
    what: `import of ${name}`,
  })
}
