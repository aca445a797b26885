import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { DataSource } from './data-source.ts'
import { ask, type Network } from './network.ts'

const MOST_CHECKSUM_BYTES = 4096

/**
 * Whether the file is the one that was published: by the SHA-256 that Palate knows or, where the home of the data puts later
 * editions in its place, by the MD5 beside the file.
 *
 * @throws PalateError NETWORK_UNREACHABLE when that MD5 cannot be asked for
 */
export async function isAsPublished(
  source: DataSource,
  path: string,
  ways: { readonly network: Network; readonly signal: AbortSignal },
): Promise<boolean> {
  if ((await digestOf('sha256', path)) === source.sha256) return true
  if (!source.changes) return false
  const published = await publishedMd5(source, ways)
  return published !== null && published === (await digestOf('md5', path))
}

export async function digestOf(algorithm: 'sha256' | 'md5', path: string): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

/** GroupLens writes "MD5 (ml-100k.zip) = 0e33…", others "0e33…  ml-100k.zip". @returns null when there is none */
async function publishedMd5(
  source: DataSource,
  ways: { readonly network: Network; readonly signal: AbortSignal },
): Promise<string | null> {
  const response = await ask(source, { ...ways, url: new URL(`${source.url}.md5`), headers: {} })
  try {
    if (response.statusCode !== 200) return null
    let text = ''
    for await (const chunk of response) {
      text += String(chunk)
      if (text.length > MOST_CHECKSUM_BYTES) return null
    }
    return /\b[0-9a-f]{32}\b/i.exec(text)?.[0].toLowerCase() ?? null
  } catch (error) {
    if (ways.signal.aborted) throw error
    return null
  } finally {
    response.destroy()
  }
}
