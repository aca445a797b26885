import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
// Inside the project, so that the fixture finds vitest; in node_modules, so that no real run picks it up.
mkdirSync(path.join(root, 'node_modules/.cache'), { recursive: true })
const folder = mkdtempSync(path.join(root, 'node_modules/.cache/console-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs one test with the given body under the project's setup file. */
async function runTest(body: string): Promise<{ passed: boolean; output: string }> {
  const file = path.join(folder, 'fixture.check.ts')
  writeFileSync(
    file,
    `import { it } from 'vitest'\nimport { allowConsole } from '${root}/test/support/fail-on-console.ts'\nvoid allowConsole\nit('fixture', () => { ${body} })\n`,
  )
  const config = path.join(folder, 'vitest.config.mjs')
  writeFileSync(
    config,
    `export default { test: { root: ${JSON.stringify(root)}, include: [${JSON.stringify(`${path.relative(root, folder)}/*.check.ts`)}], exclude: [], setupFiles: [${JSON.stringify(`${root}/test/support/fail-on-console.ts`)}] } }`,
  )
  const args = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', config]
  const done = await promisify(execFile)(process.execPath, args, { cwd: root }).then(
    ({ stdout }) => ({ passed: true, output: stdout }),
    (error: { stdout: string; stderr: string }) => ({ passed: false, output: error.stdout + error.stderr }),
  )
  return done
}

describe('a test that prints a warning or an error', () => {
  it('passes when it prints nothing', async () => {
    expect(await runTest('')).toMatchObject({ passed: true })
  })

  it.each(['warn', 'error'])('fails on an unexpected console.%s', async (method) => {
    const { passed, output } = await runTest(`console.${method}('the disk is %s', 'full')`)
    expect(passed).toBe(false)
    expect(output).toContain('the disk is full')
    expect(output).toContain('that it did not announce with allowConsole()')
  })

  it('passes when it announced what it prints', async () => {
    expect(await runTest(`allowConsole(/disk is full/); console.warn('the disk is full')`)).toMatchObject({ passed: true })
  })

  it('fails when it announced something else', async () => {
    expect(await runTest(`allowConsole(/disk is full/); console.warn('the net is down')`)).toMatchObject({ passed: false })
  })
})
