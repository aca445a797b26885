import { PalateError } from '../../../src-main/contract/errors.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'

/** Nothing has been saved, and nothing can be. */
export function fakeConfigurations(): Handlers['configurations'] {
  const none = () =>
    Promise.reject(new PalateError('CONFIGURATION_NOT_FOUND', 'There is no saved configuration here.', { configuration: '1' }))
  return {
    list: () => Promise.resolve([]),
    remove: () => Promise.resolve({ removed: false, undoMs: 60_000 }),
    get: none,
    save: none,
    saveVersion: none,
    rename: none,
    duplicate: none,
    restore: none,
    exportJson: none,
    importJson: none,
  }
}
