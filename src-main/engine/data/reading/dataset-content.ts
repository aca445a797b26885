import type { RatingScale, RejectedRow, TimeKind } from '../../../contract/dto/dataset.ts'
import type { DuplicatesPolicy } from '../../../contract/dto/import-settings.ts'

export interface DatasetUser {
  readonly userId: string
  readonly attributes: Readonly<Record<string, string | number>> | null
}

export interface DatasetItem {
  readonly itemId: string
  readonly title: string | null
  readonly year: number | null
  readonly genres: readonly string[]
  /** What else a catalogue says, for instance the author of a book. */
  readonly attributes?: Readonly<Record<string, string | number>>
}

/** Everything that a source says, dense: positions in `users` and `items` are the indices that the columns hold. */
export interface DatasetContent {
  readonly users: readonly DatasetUser[]
  readonly items: readonly DatasetItem[]
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  readonly rating: Float32Array
  readonly time: Float64Array
  readonly timeKind: TimeKind
  readonly scale: RatingScale
  /** In which scenario (tab, scene) each row was given, where the source tells: 0 for none, else a position in `names` from 1. */
  readonly scenarios?: { readonly names: readonly string[]; readonly codes: Uint16Array }
  /** accepted + rejected + duplicates = read */
  readonly counts: { readonly read: number; readonly accepted: number; readonly rejected: number; readonly duplicates: number }
  /** Rows and cells that say "not rated". */
  readonly missing?: number
  readonly duplicatesPolicy?: DuplicatesPolicy
  /** Sentences for a person about how rows were understood. */
  readonly notes?: readonly string[]
  /** The first 1,000. */
  readonly rejectedRows: readonly RejectedRow[]
}

/** What the rows that were read mean as a whole. */
export interface RowMeaning {
  /** Of the ratings file, for messages. */
  readonly path: string
  /** The format's own; left out, it is taken from the ratings. A person's choice stands above both. */
  readonly scale?: RatingScale | undefined
  /** Left out, it is told from the times. */
  readonly timeKind?: TimeKind | undefined
  /** Sentences for the report. */
  readonly notes?: readonly string[] | undefined
}
