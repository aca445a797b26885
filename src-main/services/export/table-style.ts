import type { AttributeColumn, DatasetSidecar } from '../../contract/dto/dataset-export.ts'
import type { TimeKind } from '../../contract/dto/dataset.ts'
import type { CellCodec } from '../../engine/data/reading/exchange-cells.ts'

/** How the tables of an exported data set are written. */
export interface TableStyle {
  readonly separator: string
  readonly lineEnd: string
  readonly files: DatasetSidecar['files']
  readonly codec: CellCodec
  /** Puts quotes around a cell that needs them. */
  quote(cell: string): string
  headers(
    timeKind: TimeKind,
    columns: {
      readonly users: readonly AttributeColumn[]
      readonly items: readonly AttributeColumn[]
      readonly scenarios: boolean
    },
  ): { readonly ratings: readonly string[]; readonly items: readonly string[]; readonly users: readonly string[] }
}
