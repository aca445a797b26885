#!/usr/bin/env node
/**
 * Compiles the native kernels to out/native/palate-kernels.node, where that is possible: on Linux on x64, with a C compiler (`cc`, or
 * what CC names). They are a faster second way to what the WebAssembly kernels do; nothing needs them, so that being unable
 * to build them is no error. They are not built for Windows, macOS or arm64.
 *
 *   node build/scripts/build-native.mjs [--force]
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const SOURCES = path.join(ROOT, 'src-main/engine/compute/native')
const OUT = path.join(ROOT, 'out/native')
const STAMP = path.join(OUT, '.built')
const ADDON = path.join(OUT, 'palate-kernels.node')

/** Multiply-adds are fused where the source says so and nowhere else: the bits must not depend on the compiler's taste. */
const FLAGS = ['-std=c11', '-O3', '-fPIC', '-pthread', '-ffp-contract=off', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror']
const FLAGS_OF = {
  'gemm_avx512.c': ['-mavx512f', '-mavx512dq', '-mavx512vl', '-mavx512bw', '-mavx2', '-mfma'],
  'gemm_avx2.c': ['-mavx2', '-mfma'],
}

const execute = promisify(execFile)

/** @returns {Promise<string | undefined>} the folder with node_api.h */
async function headers() {
  try {
    return (await import('node-api-headers')).default.include_dir
  } catch {
    return undefined
  }
}

function fingerprint(compiler) {
  const hash = createHash('sha256').update(JSON.stringify([compiler, FLAGS, FLAGS_OF]))
  for (const name of readdirSync(SOURCES).sort()) hash.update(`\0${name}\0`).update(readFileSync(path.join(SOURCES, name)))
  return hash.digest('hex')
}

async function hasCompiler(compiler) {
  try {
    await execute(compiler, ['--version'])
    return true
  } catch {
    return false
  }
}

/** Compiles beside what is in use and moves the result into its place, so that nobody loads half an addon. */
async function compile(compiler, include) {
  mkdirSync(OUT, { recursive: true })
  const folder = mkdtempSync(path.join(OUT, '.next-'))
  try {
    const sources = readdirSync(SOURCES).filter((name) => name.endsWith('.c'))
    const objects = await Promise.all(
      sources.map(async (name) => {
        const object = path.join(folder, `${name}.o`)
        const flags = [...FLAGS, ...(FLAGS_OF[name] ?? []), '-isystem', include]
        await execute(compiler, [...flags, '-c', path.join(SOURCES, name), '-o', object])
        return object
      }),
    )
    const linked = path.join(folder, 'palate-kernels.node')
    await execute(compiler, ['-shared', '-pthread', ...objects, '-o', linked])
    renameSync(linked, ADDON)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function firstComplaint(error) {
  const lines = String(error.stderr || error.message).split('\n')
  return (lines.find((line) => line.includes('error')) ?? lines[0]).trim()
}

/**
 * Makes sure that the native kernels are those of the sources, where they can be built. Never throws: without them
 * the program computes with WebAssembly.
 * @param {{ force?: boolean }} options `force` builds in any case
 * @returns {Promise<{ state: 'built' | 'current' } | { state: 'absent', reason: string }>}
 */
export async function ensureNative({ force = false } = {}) {
  const absent = (reason) => {
    // What was built from other sources must not be loaded in their stead.
    rmSync(ADDON, { force: true })
    rmSync(STAMP, { force: true })
    return { state: 'absent', reason }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { state: 'absent', reason: `they exist for Linux on x64 only, and this is ${process.platform} on ${process.arch}` }
  }
  // An installed program has no sources: what came with it is what there is.
  if (!existsSync(SOURCES)) return existsSync(ADDON) ? { state: 'current' } : { state: 'absent', reason: 'there are no sources' }
  const compiler = process.env['CC'] || 'cc'
  const print = fingerprint(compiler)
  const isCurrent = existsSync(ADDON) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === print
  if (isCurrent && !force) return { state: 'current' }
  const include = await headers()
  if (!include) return absent('the package node-api-headers is not installed')
  if (!(await hasCompiler(compiler))) return absent(`there is no C compiler ("${compiler}" does not run)`)
  try {
    await compile(compiler, include)
    writeFileSync(STAMP, print)
    return { state: 'built' }
  } catch (error) {
    return absent(`they do not compile: ${firstComplaint(error)}`)
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const result = await ensureNative({ force: process.argv.includes('--force') })
  const said = { built: 'The native kernels are built.', current: 'The native kernels are current.' }
  process.stderr.write(`${said[result.state] ?? `The native kernels are not built: ${result.reason}.`}\n`)
}
