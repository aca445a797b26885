import type { StoredRun } from '../../storage/repositories/runs.ts'

/** Runs that differ in their seed or split only. */
export interface ContenderRuns {
  readonly label: string
  readonly model: string
  readonly preset: string
  readonly runs: readonly StoredRun[]
}

/** Where contenders meet: the same split, which fixes the test items, and the same seed. */
export interface Trial {
  readonly split: string
  readonly seed: number
}

/**
 * Groups runs by model, version, preset and parameters, in the order in which they were named. Of two runs of the same trial the
 * later one named counts. Where two contenders would have the same label, their runs are added to it.
 */
export function contendersOf(runs: readonly StoredRun[]): ContenderRuns[] {
  const groups = [...Map.groupBy(runs, configurationOf).values()].map((group) => [
    ...new Map(group.map((run) => [trialKey(run), run])).values(),
  ])
  const plain = groups.map(([run]) => `${run!.modelId} (${run!.preset})`)
  return groups.map((group, at) => {
    const shared = plain.filter((label) => label === plain[at]).length > 1
    const numbers = group.map((run) => `#${run.id}`).join(', ')
    return {
      label: shared ? `${plain[at]} ${numbers}` : plain[at]!,
      model: group[0]!.modelId,
      preset: group[0]!.preset,
      runs: group,
    }
  })
}

/** Trials that every contender has, in the order of the first. */
export function commonTrials(contenders: readonly ContenderRuns[]): Trial[] {
  const [first, ...others] = contenders
  const known = others.map(({ runs }) => new Set(runs.map(trialKey)))
  const common = first?.runs.filter((run) => known.every((keys) => keys.has(trialKey(run)))) ?? []
  return common.map(({ split, seed }) => ({ split, seed }))
}

export function runOf({ runs }: ContenderRuns, trial: Trial): StoredRun {
  return runs.find((run) => trialKey(run) === trialKey(trial))!
}

function trialKey({ split, seed }: Trial): string {
  return `${split} ${seed}`
}

function configurationOf({ modelId, modelVersion, preset, params }: StoredRun): string {
  return JSON.stringify([modelId, modelVersion, preset, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))])
}
