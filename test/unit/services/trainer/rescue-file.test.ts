import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRescueFile, removeRescueFile, writeRescueFile } from '../../../../src-main/services/trainer/rescue-file.ts'
import { temporaryFolder } from '../../../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let path: string
beforeEach(async () => {
  folder = await temporaryFolder()
  path = join(folder.path, 'checkpoints', '7', 'rescued.ckpt')
})
afterEach(() => folder.remove())

const rescue = {
  checkpoint: { update: 12, elapsedMs: 1234.5, bytes: new Uint8Array([0, 10, 13, 255, 10]) },
  points: [{ name: 'loss', update: 12, value: 0.1, elapsedMs: 1234.25 }],
}

describe('what a trainer leaves when its engine is gone', () => {
  it('reads back as it was written, in a folder that was not there', () => {
    writeRescueFile(path, rescue)
    expect(readRescueFile(path)).toEqual(rescue)
    expect(readdirSync(join(folder.path, 'checkpoints', '7'))).toEqual(['rescued.ckpt'])
    removeRescueFile(path)
    expect(readRescueFile(path)).toBeNull()
  })

  it('counts as absent when one byte of it was changed or it was cut short', () => {
    writeRescueFile(path, rescue)
    const content = readFileSync(path)
    for (const at of [0, 20, content.length - 1]) {
      const damaged = Buffer.from(content)
      damaged[at]! ^= 1
      writeFileSync(path, damaged)
      expect(readRescueFile(path)).toBeNull()
    }
    writeFileSync(path, content.subarray(0, content.length - 2))
    expect(readRescueFile(path)).toBeNull()
    writeFileSync(path, content.subarray(0, 10))
    expect(readRescueFile(path)).toBeNull()
  })
})
