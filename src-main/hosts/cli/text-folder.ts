import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import { usageError } from './arguments.ts'
import { fileError } from './text-file.ts'

export interface WrittenFolder {
  readonly folder: string
  readonly files: readonly { readonly file: string; readonly bytes: number }[]
}

/**
 * Writes files into a new folder, all or nothing: they come to lie in a folder of another name, which gets its own when the
 * last one is complete. The first part is awaited before anything is made.
 *
 * @param flag names the folder in messages
 * @throws PalateError PATH_NOT_FOUND, DISK_FULL, INPUT_INVALID when there is something in the folder
 */
export async function writeTextFolder(
  flag: string,
  path: string,
  parts: AsyncIterable<{ readonly file: string; readonly text: string }>,
): Promise<WrittenFolder> {
  const folder = resolve(path)
  await checkPlace(flag, folder)
  const iterator = parts[Symbol.asyncIterator]()
  let part = await iterator.next()
  const temporary = join(dirname(folder), `.${basename(folder)}.${process.pid}.tmp`)
  const sizes = new Map<string, number>()
  let handle: FileHandle | null = null
  let current = ''
  try {
    await mkdir(temporary)
    for (; !part.done; part = await iterator.next()) {
      const { file, text } = part.value
      if (file !== current) {
        await finish(handle)
        handle = null
        handle = await open(join(temporary, basename(file)), 'wx')
        current = file
      }
      const content = Buffer.from(text)
      await handle!.writeFile(content)
      sizes.set(file, (sizes.get(file) ?? 0) + content.length)
    }
    await finish(handle)
    handle = null
    // An empty folder is not renamed over everywhere.
    if (existsSync(folder)) await rmdir(folder)
    await rename(temporary, folder)
  } catch (error) {
    await handle?.close()
    await rm(temporary, { recursive: true, force: true })
    throw fileError(error, folder)
  }
  return { folder, files: [...sizes].map(([file, bytes]) => ({ file, bytes })) }
}

async function checkPlace(flag: string, folder: string): Promise<void> {
  if (!existsSync(dirname(folder))) {
    throw new PalateError(
      'PATH_NOT_FOUND',
      `The folder ${dirname(folder)} does not exist, so ${basename(folder)} cannot be made in it. Create it or choose another path.`,
      { path: dirname(folder) },
    )
  }
  const held = existsSync(folder) ? await readdir(folder).catch(() => ['a file of that name']) : []
  if (held.length > 0) throw usageError(flag, `${flag} wants a new or empty folder, and ${folder} is neither.`)
}

async function finish(handle: FileHandle | null): Promise<void> {
  if (!handle) return
  await handle.sync()
  await handle.close()
}
