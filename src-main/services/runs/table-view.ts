import { runTableView, type RunTableView } from '../../contract/dto/run-table.ts'
import type { SettingsRepository } from '../../storage/repositories/settings.ts'

const KEY = 'runs.table'

/** @returns null where none was ever kept, or one that no longer fits */
export async function getTableView(settings: SettingsRepository): Promise<RunTableView | null> {
  const stored = runTableView.safeParse((await settings.all())[KEY])
  return stored.success ? stored.data : null
}

export async function setTableView(settings: SettingsRepository, view: RunTableView): Promise<RunTableView> {
  await settings.set({ [KEY]: view })
  return view
}
