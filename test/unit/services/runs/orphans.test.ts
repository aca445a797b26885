import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { curve, isAlive, openLab, start, temporaryFolder, until } from '../../../support/runs-lab.ts'

const program = fileURLToPath(new URL('../../../support/lab-process.ts', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

/** A process that owns the workspace and trains; resolves once the run has made so many updates. */
async function trainElsewhere(params: Record<string, unknown>, updates: number) {
  const child: ChildProcess = spawn(process.execPath, [program, folder.path, JSON.stringify(params), String(updates)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (data: Buffer) => resolve(data.toString()))
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
  })
  return { child, ...(JSON.parse(line) as { runId: number; trainerPid: number }) }
}

async function msUntilGone(pid: number, limitMs: number): Promise<number> {
  const from = Date.now()
  while (isAlive(pid)) {
    if (Date.now() - from > limitMs) return Infinity
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return Date.now() - from
}

it('a trainer whose engine process is killed leaves within 5 s and loses no update', async () => {
  const { child, runId, trainerPid } = await trainElsewhere({ updates: 600, stepMs: 5 }, 30)
  child.kill('SIGKILL')
  expect(await msUntilGone(trainerPid, 5000)).toBeLessThan(5000)
  expect(existsSync(join(folder.path, 'checkpoints', String(runId), 'rescued.ckpt'))).toBe(true)

  const lab = await openLab(folder.path)
  const interrupted = await lab.handlers.runs.get({ runId }, {})
  expect(interrupted.state).toBe('interrupted')
  expect(interrupted.notes.map((note) => note.text)).toEqual(['Interrupted: the process that owned the workspace ended.'])
  await lab.handlers.runs.resume({ runId }, {})
  await until(lab, runId, ['finished'])
  const { notes } = await lab.handlers.runs.get({ runId }, {})
  const continuedAt = Number(/^Continued from the checkpoint at update (\d+)\.$/.exec(notes[1]!.text)![1])
  expect(continuedAt).toBeGreaterThanOrEqual(30)
  const [twin] = await start(lab, { params: { updates: 600, stepMs: 0 } })
  await until(lab, twin!.id, ['finished'])
  expect(await curve(lab, runId, 'loss')).toEqual(await curve(lab, twin!.id, 'loss'))
  expect(await lab.handlers.runs.results({ runId }, {})).toEqual(await lab.handlers.runs.results({ runId: twin!.id }, {}))
  await lab.close()
})

it('a trainer that hangs in the middle of an update leaves within 5 s all the same', async () => {
  const { child, trainerPid } = await trainElsewhere({ updates: 10, stepMs: 60_000 }, 0)
  child.kill('SIGKILL')
  expect(await msUntilGone(trainerPid, 5000)).toBeLessThan(5000)
})

it('a run that was left running without any checkpoint starts from the beginning', async () => {
  const { child, runId, trainerPid } = await trainElsewhere({ updates: 300, stepMs: 5 }, 10)
  process.kill(trainerPid, 'SIGSTOP')
  child.kill('SIGKILL')
  process.kill(trainerPid, 'SIGKILL')
  await msUntilGone(trainerPid, 5000)
  const lab = await openLab(folder.path)
  expect((await lab.handlers.runs.get({ runId }, {})).state).toBe('interrupted')
  await lab.handlers.runs.resume({ runId }, {})
  await until(lab, runId, ['finished'])
  expect((await curve(lab, runId, 'loss')).update).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  await lab.close()
})
