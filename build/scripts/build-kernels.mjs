#!/usr/bin/env node
/**
 * Compiles the WebAssembly kernels (AssemblyScript) to `out/kernels`, or to the folder given: one source, three builds: with
 * and without relaxed SIMD, and with tiles for engines that make one 256-bit vector of two. Part of the build; alone, for work
 * on the kernels:
 *
 *   node build/scripts/build-kernels.mjs [FOLDER]
 */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const ENTRY = 'src-main/engine/compute/kernels/assembly/index.ts'
const BUILDS = {
  'kernels-wide.wasm': ['--use', 'WIDE=1', '--enable', 'relaxed-simd'],
  'kernels-relaxed.wasm': ['--use', 'WIDE=0', '--enable', 'relaxed-simd'],
  'kernels-simd.wasm': ['--use', 'WIDE=0'],
}
const FLAGS = [
  ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory', '--disableWarning', '112'],
].flat()

/** @param {string} folder @throws {Error} with the compiler's words */
export async function buildKernels(folder = path.join(ROOT, 'out/kernels')) {
  mkdirSync(folder, { recursive: true })
  await Promise.all(Object.entries(BUILDS).map(([file, features]) => compile(path.join(folder, file), features)))
}

async function compile(file, features) {
  const compiler = path.join(ROOT, 'node_modules/assemblyscript/bin/asc.js')
  const child = spawn(process.execPath, [compiler, ENTRY, '-o', file, ...FLAGS, ...features], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`The kernels do not compile:\n${said.trim()}`)
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
  try {
    await buildKernels(process.argv[2])
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
