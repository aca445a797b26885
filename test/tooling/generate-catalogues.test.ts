import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const script = path.resolve(import.meta.dirname, '../../build/scripts/generate-catalogues.mjs')
let root: string
let models: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'palate-catalogue-'))
  models = path.join(root, 'src-main/engine/models')
  mkdirSync(models, { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const generate = (...args: string[]) => spawnSync(process.execPath, [script, '--root', root, ...args], { encoding: 'utf8' })
const catalogue = () => readFileSync(path.join(models, 'catalogue.gen.ts'), 'utf8')

describe('the catalogue of a folder', () => {
  it('lists the files with a default export by file name, and no helper, type or text that only mentions one', () => {
    writeFileSync(path.join(models, 'random.ts'), 'export default 1\n')
    writeFileSync(path.join(models, 'mdrr-att.ts'), 'export const a = 1\nexport default defineModel({})\n')
    writeFileSync(path.join(models, '_shared.ts'), 'export default 1\n')
    writeFileSync(path.join(models, 'model.types.ts'), 'export default 1\n')
    writeFileSync(path.join(models, 'helper.ts'), '// has no export default of its own\nexport const b = 2\n')
    execFileSync(process.execPath, [script, '--root', root])
    expect(catalogue().split('\n').slice(1)).toEqual([
      "import mdrrAtt from './mdrr-att.ts'",
      "import random from './random.ts'",
      '',
      'export const models = [',
      '  mdrrAtt,',
      '  random,',
      '] as const',
      '',
    ])
  })

  it('is reported as out of date after a file was added, and nothing is written then', () => {
    writeFileSync(path.join(models, 'random.ts'), 'export default 1\n')
    expect(generate().status).toBe(0)
    expect(generate('--check')).toMatchObject({ status: 0, stdout: 'Catalogues are current.\n' })
    const before = catalogue()
    writeFileSync(path.join(models, 'popularity.ts'), 'export default 1\n')
    const stale = 'Not current: src-main/engine/models/catalogue.gen.ts. Run: npm run generate\n'
    expect(generate('--check')).toMatchObject({ status: 1, stderr: stale })
    expect(catalogue()).toBe(before)
  })

  it('refuses two files that would have the same name in it', () => {
    writeFileSync(path.join(models, 'item-mean.ts'), 'export default 1\n')
    writeFileSync(path.join(models, 'item.mean.ts'), 'export default 1\n')
    const { status, stderr } = generate()
    expect(status).toBe(1)
    expect(stderr).toContain('two files give the name "itemMean". Rename one of them.')
  })
})
