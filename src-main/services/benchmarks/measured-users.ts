import type { BenchmarkColumn } from '../../contract/dto/benchmark.ts'
import type { Measured } from '../../engine/evaluation/statistics/measured.ts'
import type { UserValueColumns } from '../../storage/repositories/user-metrics.ts'
import type { Workspace } from '../workspace.ts'
import { stateOfCell, type Standing, type StandingCell } from './standing.ts'

/** A figure of users; the users it goes over are chosen afterwards. */
export type UserFigure = Pick<BenchmarkColumn, 'metric' | 'k' | 'protocol'>

export interface MeasuredRows {
  /** Whose values stand in the columns of every table. */
  readonly userIndex: readonly number[]
  /** By row of the benchmark: seeds down, users across; NaN where a cell is not done. */
  readonly tables: ReadonlyMap<string, Measured>
}

const KEPT_FIGURES = 6

interface LoadedCell {
  readonly row: string
  readonly trial: number
  readonly values: UserValueColumns
}

/** Reads the values of users that stand with the runs of a benchmark: each figure once, for both subsets. */
export class MeasuredUsers {
  readonly #workspace: Workspace
  readonly #seeds: readonly number[]
  readonly #done: readonly StandingCell[]
  readonly #loaded = new Map<string, Promise<LoadedCell[]>>()

  constructor(workspace: Workspace, { stored, cells }: Standing) {
    this.#workspace = workspace
    this.#seeds = stored.seeds
    this.#done = cells.filter((cell) => stateOfCell(cell) === 'done')
  }

  /** Rows without a value are left out. */
  async rows(figure: UserFigure, subset: BenchmarkColumn['subset']): Promise<MeasuredRows> {
    const least = subset === 'full-length' ? figure.k : 1
    const key = `${figure.metric} ${figure.k} ${figure.protocol}`
    const loading = this.#loaded.get(key) ?? this.#load(figure)
    this.#loaded.set(key, loading)
    // One is wanted for both subsets, and for tests soon after: all of a large table would be hundreds of megabytes.
    if (this.#loaded.size > KEPT_FIGURES) this.#loaded.delete(this.#loaded.keys().next().value!)
    const loaded = await loading
    const columns = columnsOfUsers(loaded, least)
    const rows = new Map<string, Measured>()
    for (const { row, trial, values } of loaded) {
      const empty = () => new Float64Array(this.#seeds.length * columns.size).fill(NaN)
      const own = rows.get(row) ?? { trials: this.#seeds.length, users: columns.size, values: empty() }
      rows.set(row, own)
      values.userIndex.forEach((user, at) => {
        if (values.candidates[at]! >= least) own.values[trial * columns.size + columns.get(user)!] = values.value[at]!
      })
    }
    return { userIndex: [...columns.keys()], tables: rows }
  }

  async #load({ metric, k, protocol }: UserFigure): Promise<LoadedCell[]> {
    const loaded: LoadedCell[] = []
    for (const { row, seed, run } of this.#done) {
      const wanted = { model: row.model!, protocol, k, metric }
      const values = await this.#workspace.repositories.userMetrics.values(run!.id, wanted)
      if (values.value.length > 0) loaded.push({ row: row.id, trial: this.#seeds.indexOf(seed), values })
    }
    return loaded
  }
}

function columnsOfUsers(loaded: readonly LoadedCell[], least: number): Map<number, number> {
  const known = new Set<number>()
  for (const { values } of loaded) {
    values.userIndex.forEach((user, at) => {
      if (values.candidates[at]! >= least) known.add(user)
    })
  }
  return new Map([...known].sort((a, b) => a - b).map((user, column) => [user, column]))
}
