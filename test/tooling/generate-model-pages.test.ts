import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'

const root = path.resolve(import.meta.dirname, '../..')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'palate-model-pages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const generate = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'build/scripts/generate-model-pages.mjs'), ...args], { encoding: 'utf8' })

it('writes a page for each model and the list of all, with that of the personas beside them, and removes the page of a model that is gone', () => {
  writeFileSync(path.join(folder, 'gone.md'), '# Gone\n')
  expect(generate('--to', folder).status).toBe(0)
  expect(existsSync(path.join(folder, 'gone.md'))).toBe(false)
  expect(readdirSync(folder)).toHaveLength(models.length + 2)
  expect(readFileSync(path.join(folder, 'personas/README.md'), 'utf8')).toContain('| Fan of one genre | `fan` | Loves one genre,')
  expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toContain('| [SVD++](svdpp.md) | `svd++` |')
  expect(generate('--to', folder, '--check')).toMatchObject({ status: 0, stdout: 'Pages are current.\n' })
})

it('tells which page is not current, and writes nothing when it only checks', () => {
  generate('--to', folder)
  const page = path.join(folder, 'mdrr-att.md')
  writeFileSync(page, 'changed by hand')
  expect(generate('--to', folder, '--check')).toMatchObject({
    status: 1,
    stderr: 'Not current: mdrr-att.md. Run: npm run generate\n',
  })
  expect(readFileSync(page, 'utf8')).toBe('changed by hand')
})
