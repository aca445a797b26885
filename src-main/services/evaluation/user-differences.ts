import type { UserDifference, UserDifferences } from '../../contract/dto/evaluation.ts'
import type { Handlers } from '../handlers.ts'
import type { EngineCatalogue } from '../models.ts'
import { checkProtocols } from '../runs/plan-runs.ts'
import type { Workspace } from '../workspace.ts'
import { checkMetric, loadRuns, refusal, refuseOtherDatasets, valuesOf } from './compare-runs.ts'

type Wanted = Parameters<Handlers['evaluation']['differences']>[0]
type WantedUsers = Parameters<Handlers['evaluation']['differentUsers']>[0]
type Pair = Omit<UserDifference, 'userId'>

/** Steps that people read off an axis without thinking, as multiples of a power of ten. */
const roundSteps = [1, 2, 2.5, 5, 10]

/**
 * The users of two runs, first minus second, as a histogram.
 *
 * @throws PalateError as `compareRuns`; INPUT_INVALID also when the splits differ or no user is in both
 */
export async function differencesOf(workspace: Workspace, catalogue: EngineCatalogue, wanted: Wanted): Promise<UserDifferences> {
  const { pairs, run } = await loadPairs(workspace, catalogue, wanted)
  const sorted = pairs.map((pair) => pair.difference).sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.floor(middle - 0.5)]! + sorted[Math.ceil(middle - 0.5)]!) / 2
  return {
    datasetId: run.datasetId,
    datasetName: run.datasetName,
    users: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median,
    higher: sorted.filter((value) => value > 0).length,
    same: sorted.filter((value) => value === 0).length,
    lower: sorted.filter((value) => value < 0).length,
    ...barsOf(sorted, wanted.bars),
  }
}

/** The users behind a bar, with what both runs did for them. */
export async function usersOfDifference(
  workspace: Workspace,
  catalogue: EngineCatalogue,
  wanted: WantedUsers,
): Promise<{ total: number; rows: UserDifference[] }> {
  const { pairs, run } = await loadPairs(workspace, catalogue, wanted)
  const width = widthOf(
    pairs.map((pair) => pair.difference),
    wanted.bars,
  )
  const sign = wanted.direction === 'asc' ? 1 : -1
  const found = pairs
    .filter((pair) => wanted.bar === null || barAt(pair.difference, width) === wanted.bar)
    .sort((a, b) => sign * (a.difference - b.difference) || a.userIndex - b.userIndex)
  const shown = found.slice(wanted.offset, wanted.offset + wanted.limit)
  const ids = await workspace.repositories.items.userIdsOf(
    run.datasetId,
    shown.map((pair) => pair.userIndex),
  )
  return { total: found.length, rows: shown.map((pair, at) => ({ ...pair, userId: ids[at]! })) }
}

async function loadPairs(workspace: Workspace, catalogue: EngineCatalogue, wanted: Wanted) {
  checkProtocols([wanted.protocol], catalogue)
  checkMetric(wanted, catalogue)
  const [first, second = first] = await loadRuns(workspace, wanted.runIds)
  refuseOtherDatasets([first!, second!])
  if (first!.split !== second!.split) {
    throw refusal(
      'runIds',
      `Run ${first!.id} has the split ${first!.split}, run ${second!.id} has ${second!.split}: their users were tested on other items. Choose two runs of one split.`,
    )
  }
  const ours = await valuesOf(workspace, first!, wanted)
  const theirs = await valuesOf(workspace, second!, wanted)
  const least = wanted.subset === 'full-length' ? wanted.k : 1
  const valueOf = new Map(Array.from(theirs.userIndex, (user, at) => [user, theirs.value[at]!]))
  const pairs = Array.from(ours.userIndex).flatMap((userIndex, at): Pair[] => {
    const [candidates, value, other] = [ours.candidates[at]!, ours.value[at]!, valueOf.get(userIndex)]
    if (other === undefined || candidates < least) return []
    return [{ userIndex, candidates, first: value, second: other, difference: value - other }]
  })
  if (pairs.length > 0) return { pairs, run: first! }
  const who = wanted.subset === 'all' ? 'with a value' : `with at least ${wanted.k} candidates`
  throw refusal('subset', `The runs share no user ${who}. Compare all users, or with a smaller k.`)
}

/** @param sorted from the lowest difference to the highest */
function barsOf(sorted: readonly number[], most: number): Pick<UserDifferences, 'width' | 'bars'> {
  const width = widthOf(sorted, most)
  const counts = new Map<number, number>()
  for (const value of sorted) counts.set(barAt(value, width), (counts.get(barAt(value, width)) ?? 0) + 1)
  const [low, high] = [barAt(sorted[0]!, width), barAt(sorted.at(-1)!, width)]
  const bars = Array.from({ length: high - low + 1 }, (_, at) => {
    const bar = low + at
    return { bar, from: (bar - 0.5) * width, to: (bar + 0.5) * width, users: counts.get(bar) ?? 0 }
  })
  return { width, bars }
}

/** The narrowest round width with which the differences fit into so many bars; 0 lies in the middle of one. */
function widthOf(differences: readonly number[], most: number): number {
  const [low, high] = differences.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0])
  if (low === high) return 1
  const least = (high - low) / (most - 1)
  const power = 10 ** Math.floor(Math.log10(least))
  return roundSteps.map((step) => step * power).find((width) => width >= least) ?? least
}

/** No -0: a bar is found by its number. */
function barAt(difference: number, width: number): number {
  return Math.round(difference / width) + 0
}
