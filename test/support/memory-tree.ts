import type { FileTree } from '../../src-main/engine/data/reading/file-tree.ts'

/**
 * A source of files in memory.
 *
 * @param files     text (as UTF-8) or bytes by path
 * @param chunkSize bytes per chunk: small ones cut lines in two
 */
export function memoryTree(files: Record<string, string | Uint8Array>, chunkSize = 65536, display = 'mem'): FileTree {
  return {
    display,
    files: Object.entries(files).map(([path, content]) => {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
      return {
        path,
        display: `${display}/${path}`,
        bytes: bytes.length,
        async *open() {
          for (let start = 0; start < bytes.length; start += chunkSize) {
            await Promise.resolve()
            yield bytes.subarray(start, start + chunkSize)
          }
        },
      }
    }),
  }
}
