import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import type { RunDetail } from '../../src-main/contract/dto/run.ts'
import { showValue, type ParamSpec, type ParamValue } from '../../src-main/contract/params.ts'
import { humanise } from './format.ts'

/** A value of each run, in their order; undefined where a run's model knows no such parameter. */
export interface ParamLine {
  readonly name: string
  readonly label: string
  readonly group: string
  /** Absent for what is no parameter: model, data set, seed. */
  readonly spec?: ParamSpec | undefined
  readonly values: readonly (ParamValue | undefined)[]
  readonly differs: boolean
}

const facts: readonly (readonly [label: string, of: (run: RunDetail) => ParamValue])[] = [
  ['Model', (run) => run.modelId],
  ['Version of the model', (run) => run.modelVersion],
  ['Preset', (run) => run.preset],
  ['Data set', (run) => run.datasetName],
  ['Split', (run) => run.split],
  ['Seed', (run) => run.seed],
  ['Updates done', (run) => run.updatesDone],
  ['Computed by', (run) => run.executor],
  ['Computed on', (run) => run.device],
  ['Version of Palate', (run) => run.engineVersion],
]

/** Everything that runs were made with, a line each: first what they are, then their parameters in the order of the models. */
export function paramLines(details: readonly RunDetail[], models: readonly ModelDescriptor[]): ParamLine[] {
  const line = (
    head: Pick<ParamLine, 'name' | 'label' | 'group' | 'spec'>,
    values: readonly (ParamValue | undefined)[],
  ): ParamLine => ({
    ...head,
    values,
    differs: new Set(values.map((value) => (value === undefined ? '' : showValue(value)))).size > 1,
  })
  const specs = new Map<string, ParamSpec | undefined>()
  for (const run of details) {
    const known = models.find((model) => model.id === run.modelId)?.params ?? {}
    for (const [name, spec] of Object.entries(known)) if (!specs.get(name)) specs.set(name, spec)
    for (const name of Object.keys(run.params)) if (!specs.has(name)) specs.set(name, undefined)
  }
  return [
    ...facts.map(([label, of]) => line({ name: label, label, group: 'Run' }, details.map(of))),
    ...[...specs].map(([name, spec]) =>
      line(
        { name, label: humanise(name), group: spec?.group ?? 'Not known to this version', spec },
        details.map((run) => valueOf(run, name, models)),
      ),
    ),
  ]
}

/** A run of an earlier version may not tell a parameter that has come since: then it had its default. */
function valueOf(run: RunDetail, name: string, models: readonly ModelDescriptor[]): ParamValue | undefined {
  return run.params[name] ?? models.find((model) => model.id === run.modelId)?.params[name]?.default
}
