import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import type { SourceFile } from '../../engine/data/reading/file-tree.ts'
import type { OpenedSource } from './opened-source.ts'
import { gunzipped } from './gzip-source.ts'
import { openZip } from './zip-source.ts'

const READ_CHUNK_BYTES = 1024 * 1024
/** A folder of more files is no data set but somebody's home. */
const MAX_FILES = 2000
const MAX_DEPTH = 3
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04]
const GZIP_MAGIC = [0x1f, 0x8b]

/**
 * Opens a folder (its files and those up to three levels below, zips and gzip files among them as what they hold), a zip, or a single
 * file (with its neighbours) for reading. Devices, pipes and sockets are passed over.
 *
 * @throws PalateError PATH_NOT_FOUND, INPUT_REFUSED (folder of too many files; a zip beyond its caps or of dubious making)
 */
export async function openSource(path: string): Promise<OpenedSource> {
  const absolute = resolve(path)
  const facts = await stat(absolute).catch((error: unknown) => {
    throw notFound(absolute, error)
  })
  if (facts.isDirectory()) return unpackMembers(absolute, await listFolder(absolute))
  if (!facts.isFile()) {
    throw new PalateError('INPUT_REFUSED', `${absolute} is neither a file nor a folder. Choose a folder, a zip or a file.`, {
      path: absolute,
      reason: 'it is neither a file nor a folder',
    })
  }
  if (await startsWith(absolute, ZIP_MAGIC)) return openZip(absolute)
  const plain = fileOnDisk(absolute, basename(absolute), facts.size)
  const chosen = (await startsWith(absolute, GZIP_MAGIC)) ? await gunzipped(plain, absolute) : plain
  const neighbours = await unpackMembers(absolute, await listNeighbours(absolute), false)
  return { display: absolute, files: [chosen, ...neighbours.files], chosen, close: neighbours.close }
}

/**
 * Puts what archives hold in their place. An archive is one by name and content.
 *
 * @param withZips a zip beside a chosen file is another data set
 */
async function unpackMembers(display: string, members: readonly SourceFile[], withZips = true): Promise<OpenedSource> {
  const files: SourceFile[] = []
  const opened: OpenedSource[] = []
  const close = async () => {
    for (const archive of opened) await archive.close()
  }
  try {
    for (const member of members) {
      if (/\.gz$/i.test(member.path) && (await startsWith(member.display, GZIP_MAGIC))) {
        files.push(await gunzipped(member, member.display))
      } else if (withZips && /\.zip$/i.test(member.path) && (await startsWith(member.display, ZIP_MAGIC))) {
        const archive = await openZip(member.display)
        opened.push(archive)
        const folder = member.path.replace(/\.zip$/i, '')
        files.push(...archive.files.map((file) => ({ ...file, path: `${folder}/${file.path}` })))
      } else {
        files.push(member)
      }
    }
  } catch (error) {
    await close()
    throw error
  }
  return { display, files, close }
}

/** The other files of the folder, by which a chosen ratings file finds its titles. A very full folder is left alone. */
async function listNeighbours(chosen: string): Promise<SourceFile[]> {
  const entries = await readdir(dirname(chosen), { withFileTypes: true }).catch(() => [])
  if (entries.length > MAX_FILES) return []
  const files: SourceFile[] = []
  for (const { name } of entries) {
    const path = join(dirname(chosen), name)
    const facts = path === chosen ? null : await stat(path).catch(() => null)
    if (facts?.isFile()) files.push(fileOnDisk(path, name, facts.size))
  }
  return files
}

async function listFolder(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  const visit = async (prefix: string, depth: number): Promise<void> => {
    const here = join(folder, prefix)
    const entries = await readdir(here, { withFileTypes: true }).catch((error: unknown) => {
      throw notFound(here, error)
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (files.length >= MAX_FILES) throw tooManyFiles(folder)
      const inside = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      if (entry.isDirectory() && depth < MAX_DEPTH) await visit(inside, depth + 1)
      // A link is followed when it leads to a file: the folder is the user's own.
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const facts = await stat(join(folder, inside)).catch(() => null)
        if (facts?.isFile()) files.push(fileOnDisk(join(folder, inside), inside, facts.size))
      }
    }
  }
  await visit('', 0)
  return files
}

function fileOnDisk(absolute: string, path: string, bytes: number): SourceFile {
  return {
    path,
    display: absolute,
    bytes,
    async *open() {
      try {
        for await (const chunk of createReadStream(absolute, { highWaterMark: READ_CHUNK_BYTES })) yield chunk as Uint8Array
      } catch (error) {
        // Only what reading itself throws: an error of the consumer ends this generator instead of passing through it.
        throw notFound(absolute, error)
      }
    },
  }
}

async function startsWith(path: string, magic: readonly number[]): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notFound(path, error)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0)
    return bytesRead === magic.length && magic.every((byte, at) => buffer[at] === byte)
  } catch (error) {
    // A file that opens may still not be readable: a failing disk, a file of the kernel's.
    throw notFound(path, error)
  } finally {
    await file.close()
  }
}

function notFound(path: string, error: unknown): PalateError {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  const what = code === 'ENOENT' || code === 'ENOTDIR' ? `There is nothing at ${path}` : `${path} cannot be read`
  const why = code === 'EACCES' || code === 'EPERM' ? ': Palate may not open it' : ''
  return new PalateError(
    'PATH_NOT_FOUND',
    `${what}${why}. Check the path and your permission to read it.`,
    { path },
    { cause: error },
  )
}

function tooManyFiles(folder: string): PalateError {
  const reason = `it holds more than ${MAX_FILES} files`
  return new PalateError('INPUT_REFUSED', `${folder} was not imported: ${reason}. Choose the folder of one data set.`, {
    path: folder,
    reason,
  })
}
