import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunEvent, RunState, RunSummary } from '../../src-main/contract/dto/run.ts'
import { startRunsInput } from '../../src-main/contract/dto/run.ts'
import { createServices, type Services, type ServicesOptions } from '../../src-main/services/create-services.ts'
import { fixtureCatalogue } from './fixture-job.ts'

export const fixtureTrainerEntry = fileURLToPath(new URL('fixture-trainer.ts', import.meta.url))

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'palate-runs-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Services over `workspaceDir` whose trainer runs the fixture's job. */
export function openLab(workspaceDir: string, options: Partial<ServicesOptions> = {}): Promise<Services> {
  return createServices({
    workspaceDir,
    host: 'test',
    version: '0.0.0-test',
    trainerEntry: fixtureTrainerEntry,
    catalogue: fixtureCatalogue,
    ...options,
  })
}

export async function sampleLabId({ handlers }: Services): Promise<number> {
  return (await handlers.datasets.createSampleLab({ seed: 1, name: 'Sample lab' }, {})).id
}

export async function start(services: Services, input: Record<string, unknown>): Promise<RunSummary[]> {
  const dataset = await sampleLabId(services)
  return services.handlers.runs.start(startRunsInput.parse({ dataset, model: 'counter', ...input }), {})
}

/** Waits until the run is in one of `states`; fails after `timeoutMs` with the state it is in. */
export async function until(
  { handlers }: Services,
  runId: number,
  states: readonly RunState[],
  timeoutMs = 20_000,
): Promise<RunSummary> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const run = await handlers.runs.get({ runId }, {})
    if (states.includes(run.state)) return run
    if (Date.now() > end) throw new Error(`Run ${runId} is ${run.state}, not ${states.join(' or ')}: ${run.error?.message ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until the run has made at least so many updates. */
export async function untilUpdate({ handlers }: Services, runId: number, updates: number): Promise<void> {
  const end = Date.now() + 20_000
  for (;;) {
    const run = await handlers.runs.get({ runId }, {})
    if (run.updatesDone >= updates) return
    if (Date.now() > end) throw new Error(`Run ${runId} is ${run.state} at update ${run.updatesDone}, not at ${updates}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function curve({ handlers }: Services, runId: number, name: string): Promise<{ update: number[]; value: number[] }> {
  const series = await handlers.runs.metrics({ runId, names: [name], maxPoints: 100_000 }, {})
  return { update: series[0]?.update ?? [], value: series[0]?.value ?? [] }
}

export async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

export async function takeEvents(events: AsyncGenerator<RunEvent>, count: number): Promise<RunEvent[]> {
  const taken: RunEvent[] = []
  while (taken.length < count) {
    const next = await events.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
