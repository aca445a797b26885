/**
 * Owns a workspace and fills a benchmark in it until it is killed. Speaks once the first cell is done and another is at work.
 * argv: workspace.
 */
import { countingRecipe, counterRow, openBenchmarkLab } from './benchmark-lab.ts'
import { sampleLabId } from './runs-lab.ts'

const lab = await openBenchmarkLab(process.argv[2]!, [
  countingRecipe([counterRow('short'), counterRow('long', { updates: 400, stepMs: 5 })]),
])
await lab.handlers.system.setSettings({ concurrentRuns: 1 }, {})
await sampleLabId(lab)
const { id } = await lab.handlers.benchmarks.start({ recipe: 'counting' }, {})
for await (const { cells } of lab.handlers.benchmarks.watch({ benchmarkId: id }, {})) {
  const long = cells.find((cell) => cell.row === 'counter/long' && cell.state === 'running' && cell.share > 0.05)
  if (!long) continue
  process.stdout.write(`${JSON.stringify({ id, runId: long.runId, trainerPid: lab.trainerPid(long.runId!) })}\n`)
  break
}
