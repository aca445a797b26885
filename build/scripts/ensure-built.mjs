#!/usr/bin/env node
/**
 * Builds the program when it is not built or when anything it is made of has changed since, else returns at once.
 *
 *   node build/scripts/ensure-built.mjs [--force]
 *
 * Safe when called several times at once: one call builds, the others wait for it. The bundles are written beside those in
 * use and then moved into their place, so that a program that is just starting never meets half a build. All output goes
 * to stderr: stdout belongs to the program that called.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildKernels } from './build-kernels.mjs'
import { ensureNative } from './build-native.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const OUT = path.join(ROOT, 'out')
const STAMP = path.join(OUT, '.built')
const LOCK = path.join(ROOT, 'node_modules/.cache/palate-build.lock')
const NEXT = path.join(OUT, '.next')

/** All that a bundle is made of. Files that do not exist (a checkout without resources, say) count as absent. */
const SOURCES = [
  'src-main',
  'src-renderer',
  'resources',
  'build/vite',
  'build/tsconfig.base.json',
  'electron.vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]

/** Written by the build itself: not one of its sources. */
const GENERATED = /nuxt-ui-components\.d\.ts$/

/** One line per file: name, size, time of change. Deleted and renamed files change it too. */
function fingerprint() {
  const hash = createHash('sha256')
  const add = (relative) => {
    const stats = statSync(path.join(ROOT, relative), { throwIfNoEntry: false })
    if (!stats || GENERATED.test(relative)) return
    if (!stats.isDirectory()) hash.update(`${relative}\0${stats.size}\0${stats.mtimeMs}\n`)
    else for (const name of readdirSync(path.join(ROOT, relative)).sort()) add(`${relative}/${name}`)
  }
  for (const source of SOURCES) add(source)
  return hash.digest('hex')
}

function isCurrent(print) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === print
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** @returns {boolean} true when the lock is ours now; false: try again. A lock left behind by a dead process is removed. */
function takeLock() {
  mkdirSync(path.dirname(LOCK), { recursive: true })
  if (createExclusively(LOCK)) return true
  if (!isAbandoned()) return false
  // Only one of the waiting processes may remove it, else the second would remove the lock that the first has just taken.
  const breaker = `${LOCK}.breaker`
  if (createExclusively(breaker)) {
    if (isAbandoned()) rmSync(LOCK, { force: true })
    rmSync(breaker, { force: true })
  } else if (ageMs(breaker) > 10_000) rmSync(breaker, { force: true })
  return false
}

function createExclusively(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function ageMs(file) {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

/** A lock without a number is just being written, unless it has been so for long. */
function isAbandoned() {
  const owner = Number(readLock())
  return owner > 0 ? !isAlive(owner) : ageMs(LOCK) > 5000
}

function readLock() {
  try {
    return readFileSync(LOCK, 'utf8')
  } catch {
    return ''
  }
}

/** Builds everything there is. */
async function build() {
  rmSync(NEXT, { recursive: true, force: true })
  await Promise.all([bundle(), buildKernels(path.join(NEXT, 'kernels'))])
}

/** Runs electron-vite; rejects with its own words when it fails. */
async function bundle() {
  const bundler = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  if (!existsSync(bundler)) throw new Error('The packages are not installed. Run first: npm ci')
  const child = spawn(process.execPath, [bundler, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    env: { ...process.env, PALATE_BUILD_OUT: path.relative(ROOT, NEXT), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`The build failed:\n${said.trim()}`)
}

/** Puts the finished bundles where programs look for them. */
function moveIntoPlace() {
  const old = path.join(OUT, '.old')
  rmSync(old, { recursive: true, force: true })
  mkdirSync(old, { recursive: true })
  for (const part of readdirSync(NEXT)) {
    if (existsSync(path.join(OUT, part))) renameSync(path.join(OUT, part), path.join(old, part))
    renameSync(path.join(NEXT, part), path.join(OUT, part))
  }
  rmSync(old, { recursive: true, force: true })
  rmSync(NEXT, { recursive: true, force: true })
}

/**
 * Makes sure that `out/` holds the program of the sources as they are now.
 * @param {{ force?: boolean }} options `force` builds in any case
 * @returns {Promise<boolean>} whether it had to build
 * @throws {Error} with the bundler's message when the sources do not build
 */
export async function ensureBuilt({ force = false } = {}) {
  // An installed program has no sources and is always current.
  if (!existsSync(path.join(ROOT, 'src-main'))) return false
  if (!force && isCurrent(fingerprint())) return false
  while (!takeLock()) await sleep(100)
  try {
    // Another call may have built while we waited. What changes during the build is built by the next call.
    const print = fingerprint()
    if (!force && isCurrent(print)) return false
    const started = Date.now()
    process.stderr.write('Building Palate …\n')
    rmSync(STAMP, { force: true })
    await build()
    moveIntoPlace()
    const native = await ensureNative()
    writeFileSync(STAMP, print)
    process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`)
    if (native.state === 'absent') process.stderr.write(`Without native kernels: ${native.reason}.\n`)
    return true
  } finally {
    rmSync(LOCK, { force: true })
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const built = await ensureBuilt({ force: process.argv.includes('--force') })
    if (!built) process.stderr.write('The build is current.\n')
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
