import type { RatingScale, RejectedRow, TimeKind } from '../../../contract/dto/dataset.ts'
import type { CancelSignal, FileTree } from './file-tree.ts'

/** How sure a reader is that it can read a source, from 0 (not mine) to 1. Below this it is not offered. */
export const LEAST_CONFIDENCE = 0.4

export interface ReadOptions {
  /** "fail" stops at the first bad row; "skip" leaves it out and lists it. */
  readonly onBadRow: 'fail' | 'skip'
  readonly signal?: CancelSignal | undefined
  /** Called now and then. @param rows interactions so far, @param bytesRead of @param bytesTotal, over all files that are wanted */
  readonly onProgress?: ((rows: number, bytesRead: number, bytesTotal: number) => void) | undefined
}

export interface DatasetUser {
  readonly userId: string
  readonly attributes: Readonly<Record<string, string | number>> | null
}

export interface DatasetItem {
  readonly itemId: string
  readonly title: string | null
  readonly year: number | null
  readonly genres: readonly string[]
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
  /** accepted + rejected + duplicates = read */
  readonly counts: { readonly read: number; readonly accepted: number; readonly rejected: number; readonly duplicates: number }
  /** The first 1,000. */
  readonly rejectedRows: readonly RejectedRow[]
}

/** A data format. One file per format; readers are pure: the same bytes give the same content. */
export interface Reader {
  /** Kebab-case; stored with the data set. */
  readonly id: string
  readonly title: string
  /** Which files it wants and what it makes of them. */
  readonly doc: string
  /** Looks at names and first bytes. @returns 0..1 */
  detect(source: FileTree): Promise<number>
  /**
   * @throws PalateError ROW_INVALID (strict), FILE_EMPTY, FORMAT_UNKNOWN when the files it wants are not there,
   *         INPUT_REFUSED beyond a cap, CANCELLED
   */
  read(source: FileTree, options: ReadOptions): Promise<DatasetContent>
}

export function defineReader(reader: Reader): Reader {
  return reader
}
