import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../..')
/** Kept between runs: unpacking the packaged browser takes some seconds. */
const cache = path.join(root, 'node_modules/.cache')

export interface Chromium {
  readonly executablePath: string
  /** Arguments beside those that Playwright gives itself. */
  readonly args: string[]
  /** The browser's whole environment (Playwright replaces the environment by what it is given). */
  readonly env: Record<string, string>
  /** Where it was found, in words. */
  readonly origin: string
}

/** No sandbox: tests run as root in containers, where Chromium has none. No traffic of the browser's own. */
const ARGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking']

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

function currentEnv(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/**
 * Finds a Chromium for the tests without installing one: `$CHROMIUM_PATH`, Playwright's own, one of the system's, and last
 * the one inside the npm package @sparticuz/chromium, which needs no system library, font or download.
 * @throws {Error} when there is none, or when `$CHROMIUM_PATH` names no file
 */
export async function findChromium(): Promise<Chromium> {
  const plain = (executablePath: string, origin: string): Chromium => ({ executablePath, args: ARGS, env: currentEnv(), origin })
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist. Correct or unset it.`)
    return plain(chosen, '$CHROMIUM_PATH')
  }
  const playwrights = chromium.executablePath()
  if (playwrights && existsSync(playwrights)) return plain(playwrights, "Playwright's own")
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const name = SYSTEM_NAMES.find((candidate) => existsSync(path.join(folder, candidate)))
    if (name) return plain(path.join(folder, name), 'the system')
  }
  return packagedChromium()
}

/** Unpacks @sparticuz/chromium once into a folder of our own and says how to start it. */
async function packagedChromium(): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium was found. Install one ("npx playwright install chromium") or name one in CHROMIUM_PATH.')
  }
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const packageFolder = path.resolve(path.dirname(entry), '..')
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const folder = path.join(cache, `chromium-${version}`)
  if (!existsSync(folder)) await unpack(entry, path.join(packageFolder, 'bin'), folder)

  const executablePath = path.join(folder, 'chromium')
  const env = { ...currentEnv(), FONTCONFIG_FILE: writeFontsConfiguration(folder) }
  // The libraries in the package are older than a desktop system's: they are used only where the browser lacks some.
  const startsAlone = await run(executablePath, ['--version'], { env }).then(
    () => true,
    () => false,
  )
  if (!startsAlone) {
    const own = path.join(folder, 'al2023/lib')
    Object.assign(env, { LD_LIBRARY_PATH: [own, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':') })
  }
  return { executablePath, args: [...ARGS, '--headless=shell'], env, origin: `@sparticuz/chromium ${version}` }
}

/**
 * The package's own configuration looks for its fonts in /tmp, where they are not; without this a page shows no text at all.
 * Written each time, as it names the folder and the checkout may have been moved.
 * @returns path of the configuration
 */
function writeFontsConfiguration(folder: string): string {
  const file = path.join(folder, 'fonts/palate-fonts.conf')
  const alias = (family: string) =>
    `<alias binding="same"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, 'fonts-cache')}</cachedir>
  ${alias('sans-serif')}
  ${alias('system-ui')}
</fontconfig>
`,
  )
  return file
}

/**
 * In a process of its own, because the package unpacks into the folder that TMPDIR names, which is the whole process's; and
 * moved into place when it is complete, because several test processes may do it at once.
 */
async function unpack(entry: string, bin: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const temporary = mkdtempSync(path.join(cache, 'chromium-unpacking-'))
  const script = `
    const { default: chromium, inflate } = await import(${JSON.stringify(entry)})
    await chromium.executablePath(${JSON.stringify(bin)})
    await inflate(${JSON.stringify(path.join(bin, 'al2023.tar.br'))})`
  try {
    await run(process.execPath, ['--input-type=module', '--eval', script], { env: { ...currentEnv(), TMPDIR: temporary } })
    renameSync(temporary, folder)
  } catch (error) {
    // Another process was quicker: its folder serves us as well.
    if (!existsSync(path.join(folder, 'chromium'))) throw error
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
