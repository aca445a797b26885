import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComputeBenchReport } from '../../src-main/services/bench/compute-bench.types.ts'
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
