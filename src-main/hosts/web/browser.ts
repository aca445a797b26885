import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** How long the browser has to read the page that leads to the link. */
const readLimitMs = 30_000

/**
 * Opens `link` in the user's browser.
 *
 * The link holds a secret, and every user of the machine can read the argument list of a process. So the browser is given
 * a page that only its owner can read and that leads on to the link; it is removed soon after.
 */
export async function openInBrowser(link: string, workspaceDir: string, log: (text: string) => void): Promise<void> {
  const folder = path.join(workspaceDir, 'web')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, 'open.html')
  await rm(file, { force: true })
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${link}"><title>Palate</title>`
  await writeFile(file, page, { mode: 0o600, flag: 'wx' })
  const [command, ...args] = openCommand(pathToFileURL(file).href)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => log('No browser could be opened; open the printed link yourself.'))
  child.unref()
  setTimeout(() => void rm(file, { force: true }), readLimitMs).unref()
}

function openCommand(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return ['xdg-open', url]
}
