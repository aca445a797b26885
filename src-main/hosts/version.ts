import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Set by the bundler; absent when the source is run as it is. */
declare const __PALATE_VERSION__: string | undefined

/** The version of this Palate, as package.json states it. */
export const palateVersion: string = typeof __PALATE_VERSION__ === 'string' ? __PALATE_VERSION__ : versionFromPackage()

function versionFromPackage(): string {
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json')
    if (!existsSync(file)) continue
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version)
  }
  return '0.0.0'
}
