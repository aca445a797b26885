import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * The host's token where only its owner can read it. Programs of the same user may take it from there and send it as
 * `Authorization: Bearer`. Nothing else ever holds it: no argument list, no environment, no log, no database.
 *
 * @returns a function that removes the file again
 */
export async function writeTokenFile(workspaceDir: string, port: number, token: string): Promise<() => Promise<void>> {
  const folder = path.join(workspaceDir, 'web')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `token-${port}`)
  // A file left by a host that was killed may have other permissions, or be a link to elsewhere.
  await rm(file, { force: true })
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(`${token}\n`)
  } finally {
    await handle.close()
  }
  return () => rm(file, { force: true })
}
