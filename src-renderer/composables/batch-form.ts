import type { LiveBatchSetup } from '../../src-main/contract/dto/live-batch.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { isPlayable, whole } from './live-form.ts'
import type { TraitValues } from './virtual-user.ts'

/** The form of a batch as it stands; numbers are text while they are typed. */
export interface BatchForm {
  runs: readonly number[]
  simulator: LiveBatchSetup['simulator']
  traits: TraitValues
  users: string
  steps: string
  seed: string
  learns: boolean
  updates: string
  rate: string
  name: string
}

export const newBatchForm = (): BatchForm => ({
  runs: [],
  simulator: 'logged',
  traits: {},
  users: '100',
  steps: '20',
  seed: '0',
  learns: false,
  updates: '5',
  rate: '1',
  name: '',
})

const mostRuns = 12

/** Runs that can meet the same users: those of one data set, split and, where the split is drawn by it, seed. */
export interface RunGroup {
  readonly key: string
  readonly title: string
  readonly datasetId: number
  readonly split: string
  readonly runs: readonly RunSummary[]
}

/** Newest first, as the runs are given; those that cannot be played with are left out. */
export function groupsOf(runs: readonly RunSummary[]): RunGroup[] {
  const groups = Map.groupBy(runs.filter(isPlayable), ({ datasetId, split }) => `${datasetId} ${split}`)
  return [...groups].map(([key, own]) => {
    const { datasetId, datasetName, split } = own[0]!
    return { key, title: `${datasetName} · ${split}`, datasetId, split, runs: own }
  })
}

/** The choice with a run in or out of it. A run of another group begins a new choice. */
export function toggled(chosen: readonly number[], run: number, group: RunGroup): number[] {
  if (chosen.includes(run)) return chosen.filter((one) => one !== run)
  const own = new Set(group.runs.map(({ id }) => id))
  return [...chosen.filter((one) => own.has(one)), run].slice(-mostRuns)
}

/** Messages by field; empty when the batch can begin. */
export function batchFormProblems(form: BatchForm): Record<string, string> {
  const found: Record<string, string> = {}
  if (form.runs.length === 0) found['runs'] = 'Choose at least one trained run.'
  if (!whole(form.users, 2, 10_000)) found['users'] = 'A whole number from 2 to 10,000.'
  if (!whole(form.steps, 1, 500)) found['steps'] = 'A whole number from 1 to 500.'
  if (!whole(form.seed, 0, 2 ** 31 - 1)) found['seed'] = 'A whole number from 0 to 2,147,483,647.'
  if (form.learns) {
    if (!whole(form.updates, 1, 100)) found['updates'] = 'A whole number from 1 to 100.'
    const rate = Number(form.rate)
    if (form.rate.trim() === '' || !(rate >= 0.01 && rate <= 100)) found['rate'] = 'A number from 0.01 to 100.'
  }
  return found
}

/** What `liveBatches.start` is given. Call it only when there are no problems. */
export function batchSetupOf(form: BatchForm): LiveBatchSetup {
  return {
    runs: [...form.runs],
    users: Number(form.users),
    steps: Number(form.steps),
    simulator: form.simulator,
    settings: form.simulator === 'virtual' ? { ...form.traits } : {},
    seed: Number(form.seed),
    learning: form.learns ? { updatesPerAnswer: Number(form.updates), rateFactor: Number(form.rate) } : null,
  }
}
