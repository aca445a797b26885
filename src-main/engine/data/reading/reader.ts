import type { ColumnFound, ImportSettings } from '../../../contract/dto/import-settings.ts'
import type { RowMeaning } from './dataset-content.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import type { CancelSignal, FileTree } from './file-tree.ts'

/** How sure a reader must be for an import that names no format. */
export const LEAST_CONFIDENCE = 0.4

export interface ReadOptions {
  /** As the reader's own `recognise` gave them, or a part of them: what is left out, the reader finds again. */
  readonly settings: ImportSettings
  readonly signal?: CancelSignal | undefined
  /** Called now and then. @param rows interactions so far, @param bytesRead of @param bytesTotal, over all files that are wanted */
  readonly onProgress?: ((rows: number, bytesRead: number, bytesTotal: number) => void) | undefined
  /**
   * Reads only the beginning of each file, for a preview. A row that names an item which the catalogue's beginning does not
   * hold is then no bad row.
   */
  readonly sampleBytes?: number | undefined
}

/** What a reader makes of a source before it reads it. */
export interface Recognition {
  /** 0 (not mine) to 1. By content; a name alone never reaches LEAST_CONFIDENCE. */
  readonly confidence: number
  /** What was found, with the person's settings in place of it. */
  readonly settings: ImportSettings
  readonly columns: readonly ColumnFound[]
  /** Behaviours of the sample and how often they stand in it. */
  readonly behaviours?: readonly { readonly name: string; readonly count: number }[]
  /** Sentences for a person. */
  readonly warnings: readonly string[]
}

export const NOT_RECOGNISED: Recognition = { confidence: 0, settings: {}, columns: [], warnings: [] }

/** A data format. One file per format; readers are pure: the same bytes give the same content. */
export interface Reader {
  /** Kebab-case; stored with the data set. */
  readonly id: string
  readonly title: string
  /** Which files it wants and what it makes of them. */
  readonly doc: string
  /** The settings that it heeds beside those of every reader (duplicates, maxRejectRate, scale). */
  readonly overridable: readonly (keyof ImportSettings)[]
  /** Looks at names and first bytes. Never throws for content that it does not understand. */
  recognise(source: FileTree, settings: ImportSettings): Promise<Recognition>
  /**
   * Puts everything into `sink`.
   *
   * @throws PalateError ROW_INVALID (strict), FORMAT_UNKNOWN when the files it wants are not there, INPUT_REFUSED beyond a
   *         cap, CANCELLED
   */
  read(source: FileTree, options: ReadOptions, sink: DatasetBuilder): Promise<RowMeaning>
}

export function defineReader(reader: Reader): Reader {
  return reader
}

/** Settings that the builder heeds, whatever the reader. */
export const COMMON_SETTINGS: readonly (keyof ImportSettings)[] = ['duplicates', 'maxRejectRate', 'scale']

/** @returns the settings that `reader` would not heed */
export function unheeded(reader: Reader, settings: ImportSettings): string[] {
  const heeded: readonly string[] = [...COMMON_SETTINGS, ...reader.overridable]
  return Object.entries(settings)
    .filter(([name, value]) => value !== undefined && !heeded.includes(name))
    .map(([name]) => name)
}
