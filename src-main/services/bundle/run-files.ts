import * as z from 'zod'
import { resultRowWithInterval, type MetricPoint, type ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { RecommendationColumns } from '../../storage/repositories/recommendations.ts'
import type { Repositories } from '../../storage/repositories/repositories.ts'
import type { UserMetricColumns } from '../../storage/repositories/user-metrics.ts'

const text = z.string().max(1000)
const index = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const equalLength = (group: Readonly<Record<string, unknown>>) =>
  new Set(Object.values(group).flatMap((column) => (Array.isArray(column) ? [column.length] : []))).size === 1
const columns = 'The columns of a group are of one length.'

/** Curves, every stored point; `update` and `elapsedMs` as in the contract. */
export const metricsFile = z.array(
  z
    .object({ name: text, update: z.array(index), value: z.array(z.number()), elapsedMs: z.array(z.number()) })
    .refine(equalLength, columns),
)

export const resultsFile = z.array(resultRowWithInterval)

/** Figures of users, one group per model, protocol, k and metric. */
export const usersFile = z.array(
  z
    .object({
      model: text,
      protocol: text,
      k: index,
      metric: text,
      userIndex: z.array(index),
      candidates: z.array(index),
      value: z.array(z.number()),
    })
    .refine(equalLength, columns),
)

/** What was recommended, one group per protocol. A rating is null where the user never rated the item. */
export const recommendationsFile = z.array(
  z
    .object({
      protocol: text,
      userIndex: z.array(index),
      rank: z.array(index),
      itemIndex: z.array(index),
      score: z.array(z.number()),
      rating: z.array(z.number().nullable()),
    })
    .refine(equalLength, columns),
)

/** All that a run has beside its record and its weights. */
export interface RunFigures {
  readonly points: readonly MetricPoint[]
  readonly results: readonly ResultRowWithInterval[]
  readonly userMetrics: UserMetricColumns
  readonly recommendations: RecommendationColumns
}

export async function metricsOf({ metricPoints }: Repositories, runId: number): Promise<z.infer<typeof metricsFile>> {
  return (await metricPoints.series(runId)).map(({ name, update, value, elapsedMs }) => ({
    name,
    update: [...update],
    value: [...value],
    elapsedMs: [...elapsedMs],
  }))
}

export async function usersOf({ userMetrics }: Repositories, runId: number): Promise<z.infer<typeof usersFile>> {
  const groups = new Map<string, z.infer<typeof usersFile>[number]>()
  for await (const rows of userMetrics.stream(runId)) {
    for (const { model, protocol, k, metric, userIndex, candidates, value } of rows) {
      const key = JSON.stringify([model, protocol, k, metric])
      let group = groups.get(key)
      if (!group) groups.set(key, (group = { model, protocol, k, metric, userIndex: [], candidates: [], value: [] }))
      group.userIndex.push(userIndex)
      group.candidates.push(candidates)
      group.value.push(value)
    }
  }
  return [...groups.values()]
}

export async function recommendationsOf(
  { recommendations }: Repositories,
  runId: number,
): Promise<z.infer<typeof recommendationsFile>> {
  const groups = new Map<string, z.infer<typeof recommendationsFile>[number]>()
  for await (const rows of recommendations.stream(runId)) {
    for (const { protocol, userIndex, rank, itemIndex, score, rating } of rows) {
      let group = groups.get(protocol)
      if (!group) groups.set(protocol, (group = { protocol, userIndex: [], rank: [], itemIndex: [], score: [], rating: [] }))
      group.userIndex.push(userIndex)
      group.rank.push(rank)
      group.itemIndex.push(itemIndex)
      group.score.push(score)
      group.rating.push(rating)
    }
  }
  return [...groups.values()]
}

/** The way back, into the columns of the repositories. */
export function toFigures(
  metrics: z.infer<typeof metricsFile>,
  results: z.infer<typeof resultsFile>,
  users: z.infer<typeof usersFile>,
  recommended: z.infer<typeof recommendationsFile>,
): RunFigures {
  const repeated = <T extends { readonly userIndex: readonly number[] }>(groups: readonly T[], of: (group: T) => string) =>
    groups.flatMap((group) => group.userIndex.map(() => of(group)))
  return {
    points: metrics.flatMap(({ name, update, value, elapsedMs }) =>
      update.map((at, i) => ({ name, update: at, value: value[i]!, elapsedMs: elapsedMs[i]! })),
    ),
    results,
    userMetrics: {
      model: repeated(users, (group) => group.model),
      protocol: repeated(users, (group) => group.protocol),
      userIndex: Int32Array.from(users.flatMap((group) => group.userIndex)),
      candidates: Int32Array.from(users.flatMap((group) => group.candidates)),
      k: Int32Array.from(users.flatMap((group) => group.userIndex.map(() => group.k))),
      metric: repeated(users, (group) => group.metric),
      value: Float64Array.from(users.flatMap((group) => group.value)),
    },
    recommendations: {
      protocol: repeated(recommended, (group) => group.protocol),
      userIndex: Int32Array.from(recommended.flatMap((group) => group.userIndex)),
      rank: Int32Array.from(recommended.flatMap((group) => group.rank)),
      itemIndex: Int32Array.from(recommended.flatMap((group) => group.itemIndex)),
      score: Float32Array.from(recommended.flatMap((group) => group.score)),
      rating: Float32Array.from(recommended.flatMap((group) => group.rating.map((rating) => rating ?? NaN))),
    },
  }
}
