import type { FigureName } from '../../src-main/contract/dto/run-table.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import type { ParamValue, ParamValues } from '../../src-main/contract/params.ts'

/** What is known of runs beside their summaries, as far as it was asked for. */
export interface RunFacts {
  /** @param key as `figureKey` writes it */
  figure(run: RunSummary, key: string): number | null
  param(run: RunSummary, name: string): ParamValue | undefined
  executor(run: RunSummary): string
  /** Runs of one number were made with the same parameters; undefined until known. */
  configuration(run: RunSummary): number | undefined
}

const headline = { protocol: 'rerank-sequential', subset: 'full-length', k: 20 } as const
const headlines: Readonly<Record<string, (run: RunSummary) => number | null>> = {
  [figureKey({ ...headline, metric: 'precision' })]: (run) => run.precision20,
  [figureKey({ ...headline, metric: 'ndcg' })]: (run) => run.ndcg20,
}

/** `rerank-sequential|full-length|ndcg@20` */
export function figureKey({ protocol, subset, metric, k }: FigureName): string {
  return `${protocol}|${subset}|${metric}@${k}`
}

/** @returns undefined for what is no key */
export function figureOfKey(key: string): FigureName | undefined {
  const [, protocol, subset, metric, k] = /^(.+)\|(all|full-length)\|([^|@]+)@(\d{1,5})$/.exec(key) ?? []
  if (protocol === undefined || metric === undefined) return undefined
  return { protocol, subset: subset === 'all' ? 'all' : 'full-length', metric, k: Number(k) }
}

/** The two figures that stand in every summary: these need not be asked for. */
export function isHeadline(key: string): boolean {
  return key in headlines
}

export interface LoadedFacts {
  readonly figures: ReadonlyMap<string, ReadonlyMap<number, number>>
  readonly configurationOf: ReadonlyMap<number, number>
  readonly params: ReadonlyMap<number, ParamValues>
  readonly executors: ReadonlyMap<number, string>
}

export function runFacts({ figures, configurationOf, params, executors }: LoadedFacts): RunFacts {
  const configuration = (run: RunSummary) => configurationOf.get(run.id)
  return {
    figure: (run, key) => headlines[key]?.(run) ?? figures.get(key)?.get(run.id) ?? null,
    param: (run, name) => params.get(configuration(run) ?? NaN)?.[name],
    executor: (run) => executors.get(run.id) ?? '',
    configuration,
  }
}
