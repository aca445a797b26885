#!/usr/bin/env node
/**
 * `npm run check`: what must hold before a commit, cheapest first, two steps at a time. Runs all steps even when one fails,
 * prints what the failed ones said, and exits 1 if any failed.
 *
 *   node build/scripts/check.mjs [STEP …]             only the named steps
 *   node build/scripts/check.mjs --without STEP …     all but the named steps
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './ensure-built.mjs'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const bin = (relative) => path.join(ROOT, 'node_modules', relative)

const STEPS = {
  generated: ['Generated files are current', path.join(ROOT, 'build/scripts/generate-catalogues.mjs'), '--check'],
  'model-pages': ['Model pages are current', path.join(ROOT, 'build/scripts/generate-model-pages.mjs'), '--check'],
  format: ['Format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  types: ['Types', bin('typescript/bin/tsc'), '-b'],
  'types-tests': ['Types of the tests', bin('typescript/bin/tsc'), '-p', 'test/tsconfig.json'],
  'types-browser-tests': ['Types of the tests in a browser', bin('typescript/bin/tsc'), '-p', 'test/tsconfig.dom.json'],
  'types-vue': ['Types of the renderer', bin('vue-tsc/bin/vue-tsc.js'), '-p', 'src-renderer/tsconfig.json', '--noEmit'],
  rooms: ['Who may import whom', bin('dependency-cruiser/bin/dependency-cruiser.mjs'), 'src-main', 'src-renderer'],
  lint: ['Lint', bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
  size: ['Size of the page', path.join(ROOT, 'build/scripts/bundle-size.mjs')],
  dead: ['Dead code', bin('knip/bin/knip.js')],
  unit: ['Unit tests', bin('vitest/vitest.mjs'), 'run', '--project', 'unit', '--reporter=dot'],
}

/** @returns {Promise<{ code: number, output: string }>} */
function run([script, ...args]) {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, output })))
}

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
const given = process.argv.slice(2)
const without = given[0] === '--without'
const named = without ? given.slice(1) : given
const unknown = named.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`Unknown step ${unknown.join(', ')}. Steps: ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}
// The build writes the types of the theme, which the types of the renderer need.
await ensureBuilt().catch((error) => console.error(error.message))
const wanted = without || named.length === 0 ? Object.keys(STEPS).filter((name) => !named.includes(name)) : named
const failed = []
const waiting = [...wanted]

/** Takes the next step until none is left. Each checks on its own, so that they may overlap. */
async function takeSteps() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const [title, ...command] = STEPS[name]
    const started = Date.now()
    const { code, output } = await run(command)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    if (code === 0) continue
    failed.push(title)
    console.log(output.trimEnd().replace(/^/gm, '       '))
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, takeSteps))
console.log(failed.length === 0 ? 'Everything holds.' : `Does not hold: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
