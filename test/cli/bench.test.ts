import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeBenchReport } from '../../src-main/services/bench/compute-bench.types.ts'
import type { ImportBenchReport } from '../../src-main/services/bench/import-bench.ts'
import type { LiveBenchReport } from '../../src-main/services/bench/live-bench.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
})
afterAll(() => folder.remove())

const tiny = ['bench', 'compute', '--k', '8', '--batch', '8', '--steps', '3'] as const

describe('palate bench compute', () => {
  it('prints one JSON document of finite numbers, with the yardstick as one row, and makes no workspace', async () => {
    const { code, stdout, stderr } = await cli(workspace, ...tiny, '--threads', '1', '--json')
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout) as ComputeBenchReport
    expect(report).toMatchObject({ k: 8, batch: 8, peer: [], extras: [] })
    expect(report.machine.cores).toBeGreaterThan(0)
    const measured = report.rows.map((row) => row.executor)
    expect(measured).toContain('plain')
    expect(measured).toContain('kernels')
    expect(measured.at(-1)).toBe('tfjs-wasm')
    for (const row of report.rows) {
      const { msPerUpdate, p10, p90, gflops, matmulGflops, share, ratioToStock } = row
      for (const value of [msPerUpdate, p10, p90, gflops, matmulGflops, share, ratioToStock]) {
        expect(Number.isFinite(value) && value > 0, JSON.stringify(row)).toBe(true)
      }
      expect(p10).toBeLessThanOrEqual(p90)
    }
    expect(report.rows.at(-1)!.ratioToStock).toBe(1)
    expect(existsSync(workspace)).toBe(false)
  })

  it('prints a table for people', async () => {
    const { code, stdout, stderr } = await cli(workspace, ...tiny, '--threads', '1')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('One update of a dual attention actor-critic, k = 8, batch 8: 25 MFLOP')
    expect(stdout).toMatch(/^computes +threads +ms\/update/m)
    expect(stdout).toMatch(/^kernels +1 +\d+\.\d\d/m)
    expect(stderr).toContain('Round 1 of ')
  })

  it('a flag that does not fit is an error of the command line', async () => {
    const refused = async (...flags: string[]) => {
      const { code, stdout, stderr } = await cli(workspace, 'bench', 'compute', ...flags)
      expect(stdout).toBe('')
      expect(code).toBe(2)
      return stderr
    }
    expect(await refused('--k', '0')).toBe('palate: --k wants a whole number from 1 to 1000, not "0".\n')
    expect(await refused('--threads', 'many')).toBe('palate: --threads wants a whole number from 1 to 64, not "many".\n')
    expect(await refused('--seconds', '0')).toBe(
      'palate: --seconds wants a number of seconds above 0 and up to 3600, for instance 20 or 0.5, not "0".\n',
    )
  })

  it('a peer that is not there is named', async () => {
    const { code, stderr } = await cli(workspace, ...tiny, '--threads', '1', '--peer', '/nowhere/peer.py')
    expect(code).toBe(1)
    expect(stderr).toContain("palate: There is nothing at /nowhere/peer.py. Check the path of the peer's script.\n")
  })
})

describe('palate bench import', () => {
  it('prints one JSON document, and makes no workspace', async () => {
    const { code, stdout, stderr } = await cli(workspace, 'bench', 'import', '--rows', '5000', '--rounds', '2', '--json')
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout) as ImportBenchReport
    expect(report).toMatchObject({ rows: 5000, rounds: 2 })
    expect(report.source).toMatch(/^5000 ratings made with seed 1, \d+ bytes$/)
    const { ours, opening, shell, ratio } = report
    const measured = [ours.seconds, ours.cpuSeconds, ours.rowsPerSecond, ours.peakMb, opening.ms, opening.cpuMs, opening.peakMb]
    for (const value of [...measured, ...(shell ? [shell.seconds, shell.rowsPerSecond] : [])]) {
      expect(Number.isFinite(value) && value > 0, stdout).toBe(true)
    }
    expect(ratio === null).toBe(shell === null)
    expect(existsSync(workspace)).toBe(false)
  })

  it('imports what is there instead, and says what it found for people', async () => {
    const path = join(folder.path, 'u.data')
    writeFileSync(
      path,
      Array.from({ length: 50 }, (_, row) => `${(row % 5) + 1}\t${row + 1}\t3\t${881_250_949 + row}\n`).join(''),
    )
    const { code, stdout, stderr } = await cli(workspace, 'bench', 'import', '--path', path, '--rounds', '1')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(`${path}: 50 ratings by 5 users of 50 items, median of 1 round\n`)
    expect(stdout).toMatch(/^Palate +\d+\.\d\d +\d+\.\d\d +[\d,]+ +\d+$/m)
    expect(stdout).toMatch(/^Opened for training in \d+ ms \(\d+ ms of the processor, peak \d+ MB\)\.$/m)
  })

  it('a path that is not there, and flags that do not fit, are errors', async () => {
    const nowhere = await cli(workspace, 'bench', 'import', '--path', '/nowhere', '--rounds', '1')
    expect(nowhere.code).toBe(1)
    expect(nowhere.stderr).toContain('palate: There is nothing at /nowhere. Check the path and your permission to read it.\n')
    const both = await cli(workspace, 'bench', 'import', '--path', '/nowhere', '--rows', '5000')
    expect(both).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'palate: Rows are either made (--rows) or read from a file (--path). Leave one of the two out.\n',
    })
    const few = await cli(workspace, 'bench', 'import', '--rows', '10')
    expect(few.stderr).toBe('palate: --rows wants a whole number from 1000 to 100000000, not "10".\n')
  })
})

describe('palate bench live', () => {
  it('plays a frozen and a learning session over a WebSocket, times each answer, and leaves no session behind', async () => {
    expect((await cli(workspace, 'sample-lab')).code).toBe(0)
    const trained = await cli(
      workspace,
      'train',
      '--dataset',
      'Sample lab',
      '--model',
      'mdrr-att',
      '--updates',
      '50',
      '--name',
      'a',
    )
    expect(trained.code, trained.stderr).toBe(0)
    const { code, stdout, stderr } = await cli(
      workspace,
      'bench',
      'live',
      '--run',
      'a',
      '--answers',
      '10',
      '--learn',
      '2',
      '--json',
    )
    expect(code, stderr).toBe(0)
    const report = JSON.parse(stdout) as LiveBenchReport
    expect(report.run).toMatchObject({ name: 'a', model: 'mdrr-att' })
    expect(report.rows.map((row) => [row.updatesPerAnswer, row.answers])).toEqual([
      [0, 10],
      [2, 10],
    ])
    for (const { p50, p95, worst, undo, candidates } of report.rows) {
      expect(0 < p50 && p50 <= p95 && p95 <= worst && undo > 0, JSON.stringify(report.rows)).toBe(true)
      expect(candidates).toBeGreaterThan(300)
    }
    const again = await cli(workspace, 'bench', 'live', '--run', 'b')
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('palate: There is no run "b" in this workspace. List the runs with: palate runs')
    expect((await cli(workspace, 'bench', 'live')).stderr).toBe('palate: Say which trained run is played with: --run RUN.\n')
  })
})
