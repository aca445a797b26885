import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Kept between runs. */
const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache')

/** glibc's RTLD_NODELETE: the library stays when Node finds that it is no addon of its own. */
const KEEP_LOADED = 0x1000

/**
 * Gives this process a GPU in software: SwiftShader and the Vulkan loader out of the npm package @sparticuz/chromium, so that
 * WebGPU can be tried on a machine that has neither GPU nor driver. To be called before Dawn starts; there is no way back.
 * @returns null, or why there is none here
 */
export async function useSoftwareVulkan(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `SwiftShader comes for Linux on x64 only, this is ${process.platform} on ${process.arch}`
  let folder: string
  try {
    folder = await unpacked()
  } catch (error) {
    return `@sparticuz/chromium brings no SwiftShader here (${error instanceof Error ? error.message : String(error)})`
  }
  process.env['VK_ICD_FILENAMES'] = path.join(folder, 'vk_swiftshader_icd.json')
  // Dawn asks for libvulkan.so.1 by its name, and LD_LIBRARY_PATH counts only when a process starts: but a library of this
  // name that is loaded already is the one that it gets.
  try {
    process.dlopen({ exports: {} }, path.join(folder, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW | KEEP_LOADED)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!message.startsWith('Module did not self-register')) return `its Vulkan loader does not load (${message})`
  }
  return null
}

async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const packageFolder = path.resolve(path.dirname(entry), '..')
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const folder = path.join(cache, `swiftshader-${version}`)
  if (!existsSync(folder)) await unpack(entry, path.join(packageFolder, 'bin/swiftshader.tar.br'), folder)
  return folder
}

/** In a process of its own: the package unpacks into the folder that TMPDIR names. Moved when complete, as several may do it at once. */
async function unpack(entry: string, archive: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const temporary = mkdtempSync(path.join(cache, 'swiftshader-unpacking-'))
  const script = `const { inflate } = await import(${JSON.stringify(entry)}); console.log(await inflate(${JSON.stringify(archive)}))`
  try {
    const env = { ...process.env, TMPDIR: temporary }
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { env })
    renameSync(stdout.trim(), folder)
  } catch (error) {
    // Another process was quicker: its folder serves us as well.
    if (!existsSync(path.join(folder, 'libvulkan.so.1'))) throw error
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
