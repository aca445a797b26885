import type { LiveViewer } from '../../contract/dto/live.ts'
import { formatSplit, parseSplit } from '../../contract/dto/split.ts'
import { PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { runNotFound } from '../runs/run-errors.ts'

/**
 * Two runs can meet the same viewer when both know the same items, and the same of the viewer.
 *
 * @throws PalateError RUN_NOT_FOUND, INPUT_INVALID (one run twice, two data sets, a user or persona of whom two splits know different ratings)
 */
export function refusePair(
  firstId: number,
  first: StoredRun | null,
  secondId: number,
  second: StoredRun | null,
  viewer: LiveViewer,
): asserts first is StoredRun {
  if (!first) throw runNotFound(firstId)
  if (!second) throw runNotFound(secondId)
  if (firstId === secondId)
    throw invalid(`Run ${firstId} cannot play against itself: its slates would be the same. Choose another.`)
  if (first.datasetId !== second.datasetId) {
    throw invalid(
      `Runs ${firstId} and ${secondId} were trained on ${first.datasetName} and ${second.datasetName}: they know different items. Choose two of one data set.`,
    )
  }
  if (splitOf(first) === splitOf(second)) return
  const splits = `Runs ${firstId} and ${secondId} were trained on different splits (${splitOf(first)} and ${splitOf(second)})`
  if (viewer.kind === 'user') {
    throw invalid(`${splits}: what they know of user ${viewer.userIndex} differs. Play as a guest, or choose runs of one split.`)
  }
  if (viewer.kind === 'persona') {
    throw invalid(`${splits}: a persona is made of training ratings, and would be another in each. Choose runs of one split.`)
  }
}

/** Two texts of one split are equal when each is written out. */
function splitOf({ split, seed }: StoredRun): string {
  return formatSplit(parseSplit(split, seed))
}

function invalid(message: string): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path: 'second', message }] })
}
