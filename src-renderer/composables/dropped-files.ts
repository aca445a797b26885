/** More files than any known format has; a home folder dropped by mistake must not be read through. */
const mostFiles = 200

/**
 * The files of what was dropped; those of a folder with all that lies below it, hidden ones left out.
 * @throws {Error} when a folder holds more than 200 files
 */
export async function droppedFiles(entry: FileSystemEntry): Promise<File[]> {
  const files: File[] = []
  await collect(entry, files)
  return files
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.name.startsWith('.')) return
  if (entry.isFile) {
    if (files.length >= mostFiles) throw new Error(`This folder holds more than ${mostFiles} files.`)
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)))
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // One call gives at most a hundred entries; none means the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const child of some) await collect(child, files)
  }
}
