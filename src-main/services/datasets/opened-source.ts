import type { FileTree } from '../../engine/data/reading/file-tree.ts'

/** A FileTree whose handles must be given back. */
export interface OpenedSource extends FileTree {
  close(): Promise<void>
}
