import { existsSync } from 'node:fs'
import path from 'node:path'

export type EntryName = 'cli' | 'engine' | 'trainer'

/**
 * Where the entry of another process lies: beside this bundle (`out/main/NAME.js`), or, when the source is run as it is,
 * `src-main/hosts/NAME/main.ts`.
 *
 * @throws when neither is there, which means that the build is incomplete
 */
export function entryPath(name: EntryName): string {
  const here = import.meta.dirname
  const candidates = import.meta.filename.endsWith('.ts')
    ? [path.join(here, name, 'main.ts')]
    : [path.join(here, `${name}.js`), path.join(here, '..', `${name}.js`)]
  const found = candidates.find((file) => existsSync(file))
  if (!found) throw new Error(`The program is incomplete: ${candidates[0]} is missing. Build it again with "npm run build".`)
  return found
}

/** The folder of the built page. Run from the source, it is the checkout's `out/renderer`. */
export function rendererFolder(): string {
  const here = import.meta.dirname
  return import.meta.filename.endsWith('.ts') ? path.join(here, '../../out/renderer') : path.join(here, '../renderer')
}
