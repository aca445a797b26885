#!/usr/bin/env node
/**
 * `npm test`: everything that must pass on a bare machine. Builds the program if need be, runs the suites one after
 * another, then says what was skipped and why, and ends with one line that sums up all of them. The exit status is 1 when a
 * test failed, a suite broke or no test ran.
 *
 *   node build/scripts/test.mjs [--only NAME[,NAME]] [filter …]
 *
 * Suites: `code` (vitest: unit, storage and contract, processes), `e2e` (the program in a browser), `electron` (the shell:
 * on a machine with Electron's binary and a display the real one, else against a double; only with --only, because `code`
 * already holds the double).
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { electronState } from './electron-binary.mjs'
import { ensureBuilt } from './ensure-built.mjs'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const VITEST = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
const PLAYWRIGHT = path.join(ROOT, 'node_modules/@playwright/test/cli.js')

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Counts */

/** @returns {Promise<number>} the exit status, 1 when a signal ended it */
function run(command, args, env = {}) {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)))
}

/**
 * What a suite counted; a suite that ended with an error without a failed test, or that left no count, has failed once.
 * @returns {Counts}
 */
function settle(code, counts) {
  if (!counts) return { passed: 0, failed: 1, skipped: [] }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/** @returns {Promise<Counts>} */
async function runVitest(folder, name, args) {
  const file = path.join(folder, `${name}.json`)
  const reporters = ['--reporter=default', `--reporter=${path.join(ROOT, 'build/scripts/vitest-counts.mjs')}`]
  const code = await run(process.execPath, [VITEST, 'run', ...reporters, ...args], { PALATE_TEST_COUNTS: file })
  return settle(code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)
}

/** One project after the other, so that a page that fails leaves no model untrained. @returns {Promise<Counts>} */
async function runBrowserTests(folder, args) {
  const pages = await runPlaywright(folder, 'pages', args)
  const training = await runPlaywright(folder, 'training', args)
  return {
    passed: pages.passed + training.passed,
    failed: pages.failed + training.failed,
    skipped: [...pages.skipped, ...training.skipped],
  }
}

/** @returns {Promise<Counts>} */
async function runPlaywright(folder, project, args) {
  const file = path.join(folder, `${project}.json`)
  const which = [`--project=${project}`, '--no-deps', '--pass-with-no-tests']
  const code = await run(process.execPath, [PLAYWRIGHT, 'test', '--reporter=list,json', ...which, ...args], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
  })
  if (!existsSync(file)) return settle(code, undefined)
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const skipped = []
  const visit = (suite, names) => {
    for (const child of suite.suites ?? []) visit(child, [...names, child.title])
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? ''
        if (test.status === 'skipped') skipped.push({ name: [...names, spec.title].join(' › '), reason })
      }
    }
  }
  for (const suite of report.suites) visit(suite, [suite.title])
  const { expected, unexpected, flaky } = report.stats
  return settle(code, { passed: expected, failed: unexpected + flaky + report.errors.length, skipped })
}

/** The real shell where it can run, else the double; says which. @returns {Promise<Counts>} */
async function runElectron(folder, args) {
  const smoke = path.join(ROOT, 'test/electron/smoke.mjs')
  const { usable, reason } = electronState()
  if (!usable || !existsSync(smoke)) {
    console.log(`Electron: tested against a double, not the real program: ${reason}.`)
    return runVitest(folder, 'electron', ['--project', 'commands', 'test/electron', ...args])
  }
  console.log('Electron: tested with the real program.')
  const code = await run(process.execPath, [smoke])
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }
}

const SUITES = {
  code: { title: 'Unit, storage, contract, processes', run: (folder, args) => runVitest(folder, 'code', args) },
  e2e: { title: 'Whole program in a browser', run: runBrowserTests },
  electron: { title: 'Electron shell', run: runElectron },
}

/** @returns {{ names: string[], rest: string[] }} */
function parse(args) {
  const at = args.indexOf('--only')
  if (at < 0) return { names: ['code', 'e2e'], rest: args }
  const names = (args[at + 1] ?? '').split(',')
  const unknown = names.find((name) => !Object.hasOwn(SUITES, name))
  if (unknown !== undefined) throw new Error(`--only knows ${Object.keys(SUITES).join(', ')}; "${unknown}" is none of them.`)
  return { names, rest: args.toSpliced(at, 2) }
}

function print(results) {
  console.log('\nSummary')
  for (const { title, counts, seconds } of results) {
    const { passed, failed, skipped } = counts
    console.log(`  ${title}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${seconds.toFixed(0)} s)`)
  }
  const skipped = results.flatMap(({ counts }) => counts.skipped)
  if (skipped.length > 0) console.log('  Skipped:')
  for (const { name, reason } of skipped) {
    // Some tests say why in their name.
    const why = reason || (/\bskipped\b/i.test(name) ? '' : 'no reason given')
    console.log(`    ${name}${why && `: ${why}`}`)
  }
}

async function main() {
  const { names, rest } = parse(process.argv.slice(2))
  const folder = mkdtempSync(path.join(tmpdir(), 'palate-test-'))
  const results = []
  try {
    await ensureBuilt()
    for (const name of names) {
      const { title, run: runSuite } = SUITES[name]
      const started = Date.now()
      const counts = await runSuite(folder, rest)
      results.push({ title, counts, seconds: (Date.now() - started) / 1000 })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  print(results)
  const sum = (of) => results.reduce((total, { counts }) => total + of(counts), 0)
  const passed = sum((counts) => counts.passed)
  const failed = sum((counts) => counts.failed)
  if (passed + failed === 0) console.log('No test ran: that is a failure.')
  console.log(`\nTests: ${passed} passed, ${failed} failed, ${sum((counts) => counts.skipped.length)} skipped`)
  return failed > 0 || passed === 0 ? 1 : 0
}

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
try {
  process.exitCode = await main()
} catch (error) {
  console.error(error.message)
  console.log('\nTests: 0 passed, 1 failed, 0 skipped')
  process.exitCode = 1
}
