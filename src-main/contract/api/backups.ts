import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { backupProgress, foundBackup, restoreProgress } from '../dto/backup.ts'
import { procedure } from './base.ts'

const filePath = z.string().trim().min(1).max(4096)

export const backupsApi = {
  /** What lies in the workspace's own folder of backups, the newest first. */
  list: procedure.output(z.array(foundBackup)),
  /**
   * Writes the whole workspace into one file while runs go on; into its folder of backups, or to a path that is not there yet.
   * Ending the subscription cancels it.
   */
  make: procedure.input(z.object({ path: filePath.optional() })).output(eventIterator(backupProgress)),
  /**
   * Checks a backup and puts it in the place of the present data, which is kept aside. Runs at work are interrupted with a
   * checkpoint, which goes aside with them. Ending the subscription before "staged" cancels it.
   */
  restore: procedure.input(z.object({ path: filePath })).output(eventIterator(restoreProgress)),
}
