import { constants } from 'node:fs'
import { open, readdir, readFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

export interface StaticFiles {
  /** Every path that can be asked for. */
  readonly paths: readonly string[]
  /**
   * @param requestPath the path as it came, undecoded
   * @returns the open file, or undefined when there is no such path
   */
  open(requestPath: string): Promise<{ handle: FileHandle; bytes: number; contentType: string } | undefined>
  /** The whole file at once: inside an Electron archive there are no file handles. */
  read(requestPath: string): Promise<{ content: Buffer<ArrayBuffer>; contentType: string } | undefined>
}

/**
 * Serves the files that were in `folder` when it was listed, by exact path. A request's path is never decoded and never
 * joined to a folder: it is looked up. So `..`, encodings, `;`, NUL and sibling folders are all just unknown paths, and
 * links are neither listed nor followed.
 *
 * @param indexPath the path under which `index.html` is served as well
 */
export async function listStaticFiles(folder: string, indexPath = '/'): Promise<StaticFiles> {
  const files = new Map<string, string>()
  for (const file of await regularFiles(folder)) {
    const url = `/${path.relative(folder, file).split(path.sep).join('/')}`
    if (/^[\w./@-]+$/.test(url) && contentTypes[path.extname(file)]) files.set(url, file)
  }
  const index = files.get('/index.html')
  if (index) files.set(indexPath, index)
  return {
    paths: [...files.keys()],
    open: async (requestPath) => {
      const file = files.get(requestPath)
      return file === undefined ? undefined : openRegularFile(file)
    },
    read: async (requestPath) => {
      const file = files.get(requestPath)
      if (file === undefined) return undefined
      return { content: await readFile(file), contentType: contentTypes[path.extname(file)] ?? 'text/plain' }
    },
  }
}

/** Not by `recursive`, which Electron does not know inside an archive. */
async function regularFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = entries.map(async (entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? regularFiles(file) : entry.isFile() ? [file] : []
  })
  return (await Promise.all(found)).flat()
}

async function openRegularFile(file: string) {
  // A link may have taken the file's place since the listing. Windows has no such flag, and links there need privileges.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined)
  if (!handle) return undefined
  const facts = await handle.stat()
  if (facts.isFile()) return { handle, bytes: facts.size, contentType: contentTypes[path.extname(file)] ?? 'text/plain' }
  await handle.close()
  return undefined
}
