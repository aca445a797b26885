import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { fitsGlob } from './glob.ts'
import { figureKey, type RunFacts } from './run-facts.ts'
import type { NumberOf, Operator, SearchTerm, TextField } from './run-search.ts'
import { runDuration } from './run-duration.ts'

/** Summaries are replaced, never changed: the text that is searched is made once for each. */
const hays = new WeakMap<RunSummary, string>()

function hayOf(run: RunSummary): string {
  const known = hays.get(run)
  if (known !== undefined) return known
  const { name, modelId, preset, datasetName, split, seed, state, id, tags, comment } = run
  const hay = [name, modelId, preset, datasetName, split, `seed ${seed}`, state, `#${id}`, ...tags, comment]
    .join(' ')
    .toLowerCase()
  hays.set(run, hay)
  return hay
}

/**
 * The runs for which every term holds. What is archived is left out unless the search asks about the archive.
 *
 * @param facts what figures, parameters and executors are read from; a run whose value is not known has none
 * @param now   for durations of runs under way
 */
export function searchRuns(
  runs: readonly RunSummary[],
  terms: readonly SearchTerm[],
  facts: RunFacts,
  now: number,
): RunSummary[] {
  const archiveAsked = terms.some((term) => term.kind === 'archived')
  return runs.filter((run) => (archiveAsked || !run.archived) && terms.every((term) => holds(term, run, facts, now) !== term.not))
}

/** Keys of the figures that a search asks for. */
export function figuresIn(terms: readonly SearchTerm[]): string[] {
  return terms.flatMap((term) => ('of' in term && term.of.of === 'figure' ? [figureKey(term.of)] : []))
}

/** A search that asks for parameters, executors or configurations needs them. */
export function asksForSettings(terms: readonly SearchTerm[]): boolean {
  return terms.some(
    (term) =>
      term.kind === 'param' || (term.kind === 'field' && term.field === 'executor') || ('of' in term && term.of.of === 'param'),
  )
}

function holds(term: SearchTerm, run: RunSummary, facts: RunFacts, now: number): boolean {
  switch (term.kind) {
    case 'text':
      return hayOf(run).includes(term.text)
    case 'archived':
      return run.archived
    case 'field': {
      const texts = textsOf(term.field, run, facts)
      return term.any.some((glob) => texts.some((text) => fitsGlob(text, glob)))
    }
    case 'param': {
      const value = facts.param(run, term.name)
      return value !== undefined && term.any.some((glob) => fitsGlob(String(value), glob))
    }
    case 'compare': {
      const value = valueOf(term.of, run, facts, now)
      return value !== null && compares[term.operator](value, term.value)
    }
    case 'ranges': {
      const value = valueOf(term.of, run, facts, now)
      return value !== null && term.any.some(({ from, to }) => value >= from && value <= to)
    }
  }
}

const compares: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
}

function textsOf(field: TextField, run: RunSummary, facts: RunFacts): readonly string[] {
  switch (field) {
    case 'name':
      return [run.name]
    case 'model':
      return [run.modelId]
    case 'preset':
      return [run.preset]
    case 'dataset':
      return [run.datasetName]
    case 'split':
      return [run.split]
    case 'state':
      return [run.state]
    case 'tag':
      return run.tags
    case 'note':
      return [run.comment]
    case 'executor':
      return [facts.executor(run)]
    case 'group':
      return [run.group]
  }
}

function valueOf(of: NumberOf, run: RunSummary, facts: RunFacts, now: number): number | null {
  if (of.of === 'figure') return facts.figure(run, figureKey(of))
  if (of.of === 'param') {
    const value = facts.param(run, of.name)
    return typeof value === 'number' ? value : null
  }
  if (of.name === 'seed') return run.seed
  if (of.name === 'id') return run.id
  if (of.name === 'updates') return run.updatesDone
  const duration = runDuration(run, now)
  return duration === null ? null : duration / 1000
}
