import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)

function packageFolder() {
  try {
    return path.dirname(require.resolve('electron/package.json'))
  } catch {
    return undefined
  }
}

/** @returns {string | undefined} path of Electron's binary, undefined where it has not been fetched */
export function electronBinary() {
  const folder = packageFolder()
  if (!folder || !existsSync(path.join(folder, 'path.txt'))) return undefined
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(folder, 'dist')
  const binary = path.join(dist, readFileSync(path.join(folder, 'path.txt'), 'utf8'))
  return existsSync(binary) ? binary : undefined
}

/** @returns {boolean} whether a window can be shown: on Linux there must be an X or Wayland display */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/**
 * Why Electron cannot open here at all, whether its binary is there or not.
 * @returns {string | undefined} the reason in words
 */
export function electronObstacle() {
  if (!hasDisplay()) return 'there is no display here'
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return "Electron's sandbox does not work for root, and Palate does not run without it"
  }
  return undefined
}

/** @returns {{ usable: boolean, reason: string }} whether Electron can open now, without fetching anything */
export function electronState() {
  const reason = electronObstacle() ?? (electronBinary() ? undefined : "Electron's binary is not here")
  return { usable: reason === undefined, reason: reason ?? '' }
}

/**
 * Fetches Electron's binary with Electron's own installer, silently.
 * @param {number} timeoutMs after this time the attempt is given up
 * @returns {Promise<boolean>} whether the binary is there now
 */
export async function fetchElectron(timeoutMs) {
  const folder = packageFolder()
  if (!folder) return false
  const child = spawn(process.execPath, [path.join(folder, 'install.js')], { stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  await new Promise((resolve) => child.on('error', resolve).on('close', resolve))
  clearTimeout(timer)
  return electronBinary() !== undefined
}
