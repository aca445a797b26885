import type { CsvCell } from '../../contract/csv.ts'
import type { Workspace } from '../workspace.ts'
import { batchNotFound } from '../live/live-batches.ts'
import { csvChunks } from './csv.ts'

const CURVES = ['player', 'model', 'run', 'step', 'reward', 'low', 'high', 'sum', 'sum low', 'sum high', 'users'] as const
const USERS = ['player', 'model', 'run', 'user id', 'steps', 'sum', 'mean'] as const

/**
 * What a batch has earned as CSV text, in chunks: per player and step with 95 % intervals, or per player and user. A batch without a
 * result has the head alone.
 *
 * @throws PalateError LIVE_BATCH_NOT_FOUND before the first chunk
 */
export async function* exportLiveBatch(
  { repositories }: Workspace,
  batchId: number,
  what: 'curves' | 'users',
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const batch = await repositories.liveBatches.get(batchId)
  if (!batch) throw batchNotFound(batchId)
  const { players = [], users = 0 } = (await repositories.liveBatches.result(batchId)) ?? {}
  const options = { formulaGuard: await formulaGuard() }
  if (what === 'curves') {
    const records = players.flatMap(({ name, model, runId, perStep, soFar }) =>
      perStep.map(({ mean, low, high }, at): CsvCell[] => {
        const sum = soFar[at]!
        return [name, model, runId, at + 1, mean, low, high, sum.mean, sum.low, sum.high, users]
      }),
    )
    return yield* csvChunks(CURVES, records, options)
  }
  const played = await repositories.liveBatches.rewards(batchId)
  const ids = await repositories.items.userIds(batch.datasetId)
  function* records(): Generator<CsvCell[], void, void> {
    if (!played) return
    const steps = played.rewards.length / Math.max(1, players.length * played.users.length)
    for (const [player, { name, model, runId }] of players.entries()) {
      for (const [at, user] of played.users.entries()) {
        const from = (player * played.users.length + at) * steps
        const own = played.rewards.subarray(from, from + steps).filter((reward) => !Number.isNaN(reward))
        const sum = own.reduce((total, reward) => total + reward, 0)
        yield [name, model, runId, ids[user], own.length, sum, own.length > 0 ? sum / own.length : null]
      }
    }
  }
  yield* csvChunks(USERS, records(), options)
}
