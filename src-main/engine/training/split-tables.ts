import { parseSplit } from '../../contract/dto/split.ts'
import { selectRows, type InteractionTable } from '../data/interaction-table.ts'
import { checkSplit, refuseLeaks } from '../data/splits/check-split.ts'
import { makeSplit } from '../data/splits/make-split.ts'
import { requireFiniteRatings } from './finite-data.ts'

/** Both sides of a run's split as tables of their own: what learns is given the first and never the second. */
export interface SplitTables {
  readonly text: string
  readonly hash: string
  readonly train: InteractionTable
  readonly test: InteractionTable
  /** What the leakage check has to tell beside leaks, which are refused. */
  readonly remarks: readonly string[]
}

/**
 * @throws PalateError DATA_UNSUITABLE when a rating is no finite number, a side would be empty, or the leakage check finds a leak
 */
export function splitTables(table: InteractionTable, text: string, seed: number): SplitTables {
  requireFiniteRatings(table)
  const spec = parseSplit(text, seed)
  const split = makeSplit(table, spec)
  const report = checkSplit(table, split, spec.kind)
  refuseLeaks(report)
  return {
    text: split.text,
    hash: split.hash,
    train: selectRows(table, split.trainRows),
    test: selectRows(table, split.testRows),
    // Older test ratings are in the nature of a random split: no news about this one.
    remarks: report.findings
      .filter((finding) => finding.kind !== 'test-before-training')
      .map((finding) => `Split ${split.text}: ${finding.text}`),
  }
}

/** The training side alone, of a split that a run was trained on: what the leakage check had to say was said then. */
export function trainingTable(table: InteractionTable, text: string, seed: number): InteractionTable {
  return selectRows(table, makeSplit(table, parseSplit(text, seed)).trainRows)
}
