import { readdir, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { SystemInfo } from '../contract/dto/system.ts'
import type { ComputeService } from './compute/compute-service.ts'
import { runDoctor } from './doctor/doctor.ts'
import type { Handlers } from './handlers.ts'
import type { Workspace } from './workspace.ts'

export interface SystemOptions {
  readonly workspace: Workspace
  readonly host: SystemInfo['host']
  readonly version: string
  readonly compute: ComputeService
}

export function createSystemHandlers(options: SystemOptions): Pick<Handlers['system'], 'info' | 'doctor'> {
  const { workspace, host, version, compute } = options
  return {
    info: async () => ({
      version,
      host,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
      workspace: workspace.folder,
      workspaceBytes: await folderBytes(workspace.folder),
      sqlite: workspace.sqliteVersion,
      ...(await compute.present()),
    }),
    doctor: () => runDoctor(workspace, compute),
  }
}

/** What the files in `folder` take together. A file that goes meanwhile counts nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
