import type { DownloadSource } from '../../../contract/dto/download.ts'

/** A file on the network that is a data set, and what is known of it beforehand. */
export interface DataSource extends Omit<DownloadSource, 'receivedBytes'> {
  /** Hexadecimal, of the file. */
  readonly sha256: string
  /**
   * Its home may put a later edition in its place. Such a file is known by the MD5 that its home publishes beside it; a file
   * that never changes is what `sha256` says, or nothing.
   */
  readonly changes: boolean
}
