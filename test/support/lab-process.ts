/**
 * Owns a workspace and trains in it until it is killed. Speaks once the trainer is at work and has made so many updates.
 * argv: workspace, parameters of the run as JSON, updates to wait for.
 */
import { openLab, start, untilUpdate } from './runs-lab.ts'

const [workspaceDir, params, updates] = process.argv.slice(2)
const lab = await openLab(workspaceDir!)
const [run] = await start(lab, { params: JSON.parse(params!) as Record<string, unknown> })
await untilUpdate(lab, run!.id, Number(updates))
while ((await lab.handlers.runs.get({ runId: run!.id }, {})).splitHash === null)
  await new Promise((resolve) => setTimeout(resolve, 10))
process.stdout.write(`${JSON.stringify({ runId: run!.id, trainerPid: lab.trainerPid(run!.id) })}\n`)
