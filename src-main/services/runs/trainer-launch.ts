import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PalateError } from '../../contract/errors.ts'
import type { TrainerLaunch } from './trainer-process.ts'

/**
 * How a trainer is started here.
 *
 * @param entry the trainer's script; by default the one that belongs to this code, in the sources or in the bundle
 */
export function findTrainerLaunch(entry?: string): TrainerLaunch {
  return { entry: entry || ownTrainerEntry(), nodeBinary: plainNodeBinary() }
}

function ownTrainerEntry(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  // From the sources, from the bundle, and from a chunk folder of the bundle.
  const candidates = ['../../hosts/trainer/main.ts', 'trainer.js', '../trainer.js'].map((path) => join(here, path))
  const found = candidates.find((path) => existsSync(path))
  if (found) return outsideArchive(found)
  const reason = `the trainer's program is missing (looked for ${candidates.join(', ')})`
  throw new PalateError('INTERNAL', `Palate cannot train: ${reason}. Build it with "npm run build" or install Palate again.`, {
    reason,
  })
}

/** This process's own binary, or inside Electron the one of the `node` package. */
export function plainNodeBinary(): string {
  if (!process.versions['electron']) return process.execPath
  const found = nodePackageBinary()
  if (found) return found
  const reason = 'the Node binary of the package "node" is not installed'
  throw new PalateError('INTERNAL', `Palate cannot train inside Electron: ${reason}. Run "npm ci" again.`, { reason })
}

export function nodePackageBinary(): string | null {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = outsideArchive(join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

/** Another Node cannot read inside Electron's archive; packaging unpacks what is started from there. */
function outsideArchive(path: string): string {
  return path.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked')
}
