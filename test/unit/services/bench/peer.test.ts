import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runPeer } from '../../../../src-main/services/bench/peer.ts'
import { temporaryFolder } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const withPython = it.skipIf(spawnSync('python3', ['--version']).status !== 0)
const work = { k: 8, batch: 4, threads: 2, steps: 3 }

async function script(name: string, code: string): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, code)
  return path
}

withPython('a peer is told what to do, and its line of JSON is read', async () => {
  const path = await script(
    'good.py',
    `import json, sys\nprint('hello')\nprint(json.dumps({'peer': ' '.join(sys.argv[1:]), 'msPerStep': 1.5}))\n`,
  )
  expect(await runPeer(path, work)).toEqual({ peer: '--k 8 --batch 4 --threads 2 --steps 3', msPerStep: 1.5 })
})

it('a script that is not there is named', async () => {
  await expect(runPeer('/nowhere/peer.py', work)).rejects.toMatchObject({
    code: 'PATH_NOT_FOUND',
    message: "There is nothing at /nowhere/peer.py. Check the path of the peer's script.",
  })
})

withPython('a script that fails is quoted', async () => {
  const path = await script('bad.py', `raise SystemExit('there is no torch here')\n`)
  await expect(runPeer(path, work)).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
    details: { path, reason: 'there is no torch here' },
  })
})

withPython('a script that prints something else gave no result', async () => {
  const path = await script('mute.py', `print('{"peer": "x"}')\n`)
  await expect(runPeer(path, work)).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
    details: { reason: 'what it printed is no such line' },
  })
})
