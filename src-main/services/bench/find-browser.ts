import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PalateError } from '../../contract/errors.ts'

export interface Browser {
  readonly path: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * A Chromium that is on this machine: `$CHROMIUM_PATH`, one of the system's, Playwright's, or the one that the tests of a checkout
 * have unpacked. Nothing is downloaded.
 *
 * @param root where node_modules lies
 * @throws PalateError PATH_NOT_FOUND, which says what to do
 */
export async function findBrowser(root: string): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH']
  if (named) {
    if (existsSync(named)) return plain(named)
    throw new PalateError('PATH_NOT_FOUND', `CHROMIUM_PATH names ${named}, which does not exist. Correct or unset it.`, {
      path: named,
    })
  }
  const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const found = [...onPath, ...MAC_PATHS].find((path) => existsSync(path)) ?? (await playwrights())
  if (found) return plain(found)
  const unpacked = await unpackedForTests(join(root, 'node_modules/.cache'))
  if (unpacked) return unpacked
  const message =
    'This benchmark measures in a real browser, and none was found. Install Chromium or Google Chrome, or name one in CHROMIUM_PATH.'
  throw new PalateError('PATH_NOT_FOUND', message, { path: 'chromium' })
}

function plain(path: string): Browser {
  return { path, args: ['--headless=new'], env: process.env }
}

async function playwrights(): Promise<string | undefined> {
  const folder = join(homedir(), '.cache/ms-playwright')
  const versions = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('chromium-')).sort()
  return versions.map((name) => join(folder, name, 'chrome-linux/chrome')).findLast((path) => existsSync(path))
}

/** It knows no fonts but those beside it, and only without a window. */
async function unpackedForTests(cache: string): Promise<Browser | undefined> {
  const versions = (await readdir(cache).catch(() => [])).filter((name) => name.startsWith('chromium-')).sort()
  const folder = versions.map((name) => join(cache, name)).findLast((path) => existsSync(join(path, 'chromium')))
  if (folder === undefined) return undefined
  const fonts = join(folder, 'fonts/palate-bench-fonts.conf')
  await writeFile(
    fonts,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`,
  )
  return { path: join(folder, 'chromium'), args: ['--headless=shell'], env: { ...process.env, FONTCONFIG_FILE: fonts } }
}
