import type { DuelSetup } from '../../src-main/contract/dto/duel.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { liveFormProblems, liveSetupOf, newLiveForm, whole, type LiveForm } from './live-form.ts'

/** The form of a duel: that of a session, and what concerns two. */
export interface DuelForm extends LiveForm {
  second: number | undefined
  mode: DuelSetup['mode']
  decides: DuelSetup['decides']
  blind: boolean
  planned: string
}

export const newDuelForm = (): DuelForm => ({
  ...newLiveForm(),
  slate: '5',
  second: undefined,
  mode: 'parallel',
  decides: 'preference',
  blind: true,
  planned: '20',
})

/** Messages by field; empty when a duel can be opened. @param runs those that can be played with */
export function duelFormProblems(form: DuelForm, runs: readonly Pick<RunSummary, 'id' | 'datasetId'>[]): Record<string, string> {
  const found = liveFormProblems(form)
  delete found['slate']
  const dataset = (id: number | undefined) => runs.find((run) => run.id === id)?.datasetId
  if (form.second === undefined) found['second'] = 'Choose a second run.'
  else if (form.second === form.runId) found['second'] = 'A run cannot play against itself.'
  else if (dataset(form.second) !== dataset(form.runId)) found['second'] = 'Both runs must know the same data set.'
  if (!whole(form.slate, 1, 10)) found['slate'] = 'A whole number from 1 to 10.'
  if (!whole(form.planned, 1, 1000)) found['planned'] = 'A whole number from 1 to 1,000.'
  return found
}

/** What `duels.open` is given beside the runs. Call it only when there are no problems. */
export function duelSetupOf(form: DuelForm): DuelSetup {
  return {
    ...liveSetupOf(form),
    mode: form.mode,
    decides: form.mode === 'interleaved' ? 'likes' : form.decides,
    blind: form.blind,
    planned: Number(form.planned),
  }
}

/** The runs that a run can meet: others of its data set. */
export function opponentsOf<R extends Pick<RunSummary, 'id' | 'datasetId'>>(runs: readonly R[], first: number | undefined): R[] {
  const dataset = runs.find((run) => run.id === first)?.datasetId
  return runs.filter((run) => run.id !== first && run.datasetId === dataset)
}
