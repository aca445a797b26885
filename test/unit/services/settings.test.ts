import { describe, expect, it } from 'vitest'
import { defaultSettings, getSettings, setSettings } from '../../../src-main/services/settings.ts'
import { storageLab } from '../../support/storage-lab.ts'

describe('settings', () => {
  it('are the defaults until somebody changes them, and only what was changed changes', async () => {
    const { repositories } = await storageLab()
    expect(await getSettings(repositories.settings)).toEqual(defaultSettings())
    expect(await setSettings(repositories.settings, { theme: 'dark' })).toEqual({ ...defaultSettings(), theme: 'dark' })
    expect(await setSettings(repositories.settings, { csvFormulaGuard: false, theme: undefined })).toEqual({
      ...defaultSettings(),
      theme: 'dark',
      csvFormulaGuard: false,
    })
    expect((await getSettings(repositories.settings)).theme).toBe('dark')
  })

  it('that no longer mean anything count as never set', async () => {
    const { repositories } = await storageLab()
    await repositories.settings.set({ theme: 'plaid', concurrentRuns: 1, longGone: true })
    expect(await getSettings(repositories.settings)).toEqual({ ...defaultSettings(), concurrentRuns: 1 })
  })
})
