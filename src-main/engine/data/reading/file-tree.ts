/** One file of a source. The engine has no file system: the host supplies the bytes. */
export interface SourceFile {
  /** Inside the source, separated by "/", for instance "ml-100k/u.data". */
  readonly path: string
  /** How a person finds the file: for messages. */
  readonly display: string
  /** Length in bytes, as far as known before reading. */
  readonly bytes: number
  /** From the first byte on; a reader may stop early. Every call starts anew. */
  open(): AsyncIterable<Uint8Array>
}

/** A folder, an archive, or a single file: a flat list of the files that may be read. */
export interface FileTree {
  readonly display: string
  readonly files: readonly SourceFile[]
  /** The file that a person pointed at, when it was a file; `files` then holds its neighbours too. */
  readonly chosen?: SourceFile | undefined
}

/** The engine's view of an AbortSignal. */
export interface CancelSignal {
  readonly aborted: boolean
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/**
 * Finds the file that `pattern` names (by its base name), the one nearest to the top; a chosen or a lone file fits under any
 * name, because people rename files.
 */
export function findFile(tree: FileTree, pattern: RegExp): SourceFile | undefined {
  if (tree.chosen) return tree.chosen
  if (tree.files.length === 1) return tree.files[0]
  const depth = (file: SourceFile) => file.path.split('/').length
  return tree.files
    .filter((file) => pattern.test(baseName(file.path)))
    .sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1))[0]
}

/** A file of another name in the same folder as `file`. */
export function findSibling(tree: FileTree, file: SourceFile, pattern: RegExp): SourceFile | undefined {
  const folder = file.path.slice(0, file.path.length - baseName(file.path).length)
  return tree.files.find(
    (other) => other !== file && other.path.startsWith(folder) && pattern.test(other.path.slice(folder.length)),
  )
}

/** The first `count` bytes of a file, fewer only where there are not as many. */
export async function readHead(file: SourceFile, count: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of file.open()) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= count) break
  }
  const head = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    head.set(chunk, offset)
    offset += chunk.length
  }
  return head.subarray(0, count)
}
