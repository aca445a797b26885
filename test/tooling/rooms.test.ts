import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import rules from '../../.dependency-cruiser.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'palate-rooms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Each line: the rule, the file that breaks it, what that file imports. */
const VIOLATIONS: [rule: string, file: string, imports: string][] = [
  ['room-contract', 'src-main/contract/bad.ts', '../engine/core/ok.ts'],
  ['room-engine-core', 'src-main/engine/core/bad.ts', '../models/one.ts'],
  ['room-engine-compute', 'src-main/engine/compute/bad.ts', '../data/ok.ts'],
  ['room-engine-data', 'src-main/engine/data/bad.ts', '../training/ok.ts'],
  ['room-engine-factorisation', 'src-main/engine/factorisation/bad.ts', '../blocks/ok.ts'],
  ['room-engine-blocks', 'src-main/engine/blocks/bad.ts', '../models/one.ts'],
  ['room-engine-models', 'src-main/engine/models/bad.ts', '../training/ok.ts'],
  ['room-engine-training', 'src-main/engine/training/bad.ts', '../models/one.ts'],
  ['room-engine-evaluation', 'src-main/engine/evaluation/bad.ts', '../training/ok.ts'],
  ['room-engine-live', 'src-main/engine/live/bad.ts', '../training/ok.ts'],
  ['room-engine-simulation', 'src-main/engine/simulation/bad.ts', '../evaluation/ok.ts'],
  ['room-engine-personas', 'src-main/engine/personas/bad.ts', '../training/ok.ts'],
  ['room-storage', 'src-main/storage/bad.ts', '../engine/core/ok.ts'],
  ['room-services', 'src-main/services/bad.ts', '../hosts/cli/ok.ts'],
  ['room-hosts', 'src-main/hosts/cli/bad.ts', '../../storage/ok.ts'],
  ['packages-contract', 'src-main/contract/package.ts', 'ws'],
  ['packages-engine', 'src-main/engine/core/package.ts', 'zod'],
  ['packages-storage', 'src-main/storage/package.ts', 'zod'],
  ['packages-services', 'src-main/services/package.ts', 'ws'],
  ['renderer-charts', 'src-renderer/charts/bad.ts', '../stores/ok.ts'],
  ['renderer-client', 'src-renderer/client/bad.ts', '../stores/ok.ts'],
  ['renderer-stores', 'src-renderer/stores/bad.ts', '../views/ok.ts'],
  ['renderer-composables', 'src-renderer/composables/bad.ts', '../views/ok.ts'],
  ['renderer-components', 'src-renderer/components/bad.ts', '../client/ok.ts'],
  ['renderer-views', 'src-renderer/views/bad.ts', '../client/ok.ts'],
  ['no-circular', 'src-main/services/here.ts', './there.ts'],
  ['not-unresolvable', 'src-main/services/lost.ts', './nowhere.ts'],
  ['model-knows-no-model', 'src-main/engine/models/two.ts', './one.ts'],
  ['pure-without-node', 'src-main/engine/core/files.ts', 'node:fs'],
  ['storage-node-modules', 'src-main/storage/net.ts', 'node:net'],
  ['electron-only-in-its-host', 'src-main/services/shell.ts', 'electron'],
  ['sqlite-only-in-storage', 'src-main/services/sql.ts', 'sqlite3'],
  ['renderer-knows-only-the-contract', 'src-renderer/stores/engine.ts', '../../src-main/engine/core/ok.ts'],
  ['renderer-without-node', 'src-renderer/stores/files.ts', 'node:fs'],
  ['no-dev-packages', 'src-main/hosts/web/dev.ts', 'vite'],
]

/** Imports that every rule must let pass. */
const ALLOWED: [file: string, imports: string][] = [
  ['src-main/engine/models/one.ts', '../core/ok.ts'],
  ['src-main/engine/models/three.ts', './_shared.ts'],
  ['src-main/engine/models/catalogue.gen.ts', './one.ts'],
  ['src-main/engine/training/job.ts', '../models/catalogue.gen.ts'],
  ['src-main/storage/files.ts', 'node:fs'],
  ['src-main/storage/driver.ts', 'sqlite3'],
  ['src-main/services/use.ts', '../engine/training/ok.ts'],
  ['src-main/hosts/electron/window.ts', 'electron'],
  ['src-main/hosts/web/server.ts', 'ws'],
  ['src-main/contract/schema.ts', 'zod'],
  ['src-renderer/views/page.ts', '../stores/ok.ts'],
  ['src-renderer/client/rpc.ts', '../../src-main/contract/ok.ts'],
]

const OTHERS = [
  ...[
    'contract',
    'engine/core',
    'engine/data',
    'engine/training',
    'engine/evaluation',
    'engine/blocks',
    'storage',
    'hosts/cli',
  ].map((at) => `src-main/${at}/ok.ts`),
  ...['stores', 'views', 'client'].map((at) => `src-renderer/${at}/ok.ts`),
  'src-main/engine/models/_shared.ts',
]

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string }[] }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
  writeFileSync(path.join(folder, file), text)
}

describe('the rules of who may import whom', () => {
  let found: Report['summary']['violations']

  beforeAll(async () => {
    cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'))
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    for (const file of OTHERS) write(file, 'export const ok = 1\n')
    write('src-main/services/there.ts', "import './here.ts'\n")
    for (const [file, imports] of ALLOWED) write(file, `import '${imports}'\n`)
    for (const [, file, imports] of VIOLATIONS) write(file, `import '${imports}'\n`)
    const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
    const args = [
      cruiser,
      '--config',
      path.join(root, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
      'src-main',
      'src-renderer',
    ]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 })
    found = (JSON.parse(stdout) as Report).summary.violations
  })

  it('each have a planted violation here', () => {
    const names = (rules.forbidden ?? []).map((rule) => rule.name)
    expect(VIOLATIONS.map(([rule]) => rule).sort()).toEqual(names.sort())
  })

  it.each(VIOLATIONS)('%s is broken by %s importing %s', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule)
  })

  it.each(ALLOWED)('%s may import %s', (file) => {
    expect(found.filter(({ from }) => from === file)).toEqual([])
  })
})
