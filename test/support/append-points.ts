/** Appends metric points and saves checkpoints in the workspace argv[2] for ever, and acknowledges each once it is stored. */
import { openWorkspace } from '../../src-main/services/workspace.ts'

const workspace = await openWorkspace(process.argv[2]!)
const { metricPoints, checkpoints } = workspace.repositories
const runId = Number(process.argv[3])
const [last] = await metricPoints.series(runId)

for (let update = (last?.update.at(-1) ?? 0) + 1; ; update++) {
  await metricPoints.append(runId, [{ name: 'loss', update, value: Math.sin(update), elapsedMs: update }])
  if (update % 5 === 0) {
    const content = new Uint8Array(20_000).fill(update % 256)
    await checkpoints.save(runId, { update, elapsedMs: update, createdAt: update, content })
  }
  process.stdout.write(`${JSON.stringify({ update })}\n`)
}
