import type { CsvCell } from '../../contract/csv.ts'
import type { ExportKind } from '../../contract/api/runs.ts'
import type { RatingScale } from '../../contract/dto/dataset.ts'
import { protocolIdOf } from '../../contract/dto/protocol-text.ts'
import { rewardOf } from '../../engine/data/interaction-table.ts'
import type { ProtocolDefinition } from '../../engine/core/protocol.ts'
import { protocols } from '../../engine/evaluation/protocols/catalogue.gen.ts'
import { runNotFound } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'
import { csvChunks } from './csv.ts'

type Records = AsyncGenerator<readonly CsvCell[], void, void>

/**
 * One run's details as CSV text, complete, in chunks.
 *
 * - metrics: every stored point; `update` counts gradient updates from 0
 * - recommendations: what was recommended in evaluation, by user and rank (from 1), with the logged rating that came back,
 *   empty where there is none
 * - users: the model's metrics by user, protocol and k
 * - events: the feedback step by step (from 1) under the protocols in which the policy sees it, with its reward in [-1, 1]
 *
 * The last column of what a protocol gave says why its figures must not be compared with others, where that is so.
 *
 * @throws PalateError RUN_NOT_FOUND before the first chunk
 */
export async function* exportRun(
  workspace: Workspace,
  runId: number,
  what: ExportKind,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const run = await workspace.repositories.runs.get(runId)
  if (!run) throw runNotFound(runId)
  const options = { formulaGuard: await formulaGuard() }
  switch (what) {
    case 'metrics':
      return yield* csvChunks(['name', 'update', 'value', 'elapsed ms'], metricRecords(workspace, runId), options)
    case 'recommendations':
      return yield* csvChunks(
        ['user id', 'rank', 'item id', 'title', 'score', 'rating', 'protocol', 'caution'],
        recommendationRecords(workspace, runId),
        options,
      )
    case 'users':
      return yield* csvChunks(
        ['user id', 'protocol', 'candidates', 'k', 'metric', 'value', 'caution'],
        userRecords(workspace, runId),
        options,
      )
    case 'events': {
      const { scale } = await workspace.repositories.datasets.get(run.datasetId)
      return yield* csvChunks(
        ['user id', 'step', 'item id', 'rating', 'reward', 'protocol', 'caution'],
        eventRecords(workspace, runId, scale),
        options,
      )
    }
  }
}

async function* metricRecords({ repositories }: Workspace, runId: number): Records {
  for await (const points of repositories.metricPoints.stream(runId)) {
    for (const point of points) yield [point.name, point.update, point.value, point.elapsedMs]
  }
}

async function* recommendationRecords({ repositories }: Workspace, runId: number): Records {
  for await (const rows of repositories.recommendations.stream(runId)) {
    for (const row of rows) {
      const { userId, rank, itemId, title, rating, protocol } = row
      yield [userId, rank, itemId, title, shortFloat(row.score), rating, protocol, cautions.get(protocol)]
    }
  }
}

async function* userRecords({ repositories }: Workspace, runId: number): Records {
  for await (const rows of repositories.userMetrics.stream(runId)) {
    for (const { userId, protocol, candidates, k, metric, value } of rows) {
      yield [userId, protocol, candidates, k, metric, value, cautions.get(protocol)]
    }
  }
}

/** Why figures of a protocol must not be compared with others, for the last column; empty where they may. */
const cautions = new Map(protocols.map(({ id, caution }: ProtocolDefinition) => [id, caution ?? '']))

/** Under a sequential protocol the rank of an item is the step in which it was shown. */
async function* eventRecords({ repositories }: Workspace, runId: number, scale: RatingScale): Records {
  const sequential = new Set<string>(protocols.filter((protocol) => protocol.sequential).map((protocol) => protocol.id))
  for await (const rows of repositories.recommendations.stream(runId)) {
    for (const row of rows) {
      if (sequential.has(protocolIdOf(row.protocol)) && row.rating !== null) {
        const { userId, rank, itemId, rating, protocol } = row
        yield [userId, rank, itemId, rating, rewardOf(rating, scale), protocol, cautions.get(protocolIdOf(protocol))]
      }
    }
  }
}

/** A 32-bit float has nine digits; the rest of the double it was read into is noise. */
function shortFloat(value: number): number {
  return Number(value.toPrecision(9))
}
