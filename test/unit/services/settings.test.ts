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

  it('of a workspace from before there was a choice of backends stand, and what is new is its default', async () => {
    const { repositories } = await storageLab()
    await repositories.settings.set({ theme: 'dark', concurrentRuns: 1, csvFormulaGuard: false })
    expect(await getSettings(repositories.settings)).toEqual({
      theme: 'dark',
      concurrentRuns: 1,
      csvFormulaGuard: false,
      backend: 'auto',
      threads: 'auto',
      allowFallback: false,
    })
  })

  it.each([
    { backend: 'abacus' },
    { threads: 0 },
    { threads: 65 },
    { threads: 1.5 },
    { threads: 'many' },
    { allowFallback: 'yes' },
  ])('count as never set when they make no sense: %j', async (wrong) => {
    const { repositories } = await storageLab()
    await repositories.settings.set(wrong)
    expect(await getSettings(repositories.settings)).toEqual(defaultSettings())
  })

  it('that no longer mean anything count as never set', async () => {
    const { repositories } = await storageLab()
    await repositories.settings.set({ theme: 'plaid', concurrentRuns: 1, longGone: true })
    expect(await getSettings(repositories.settings)).toEqual({ ...defaultSettings(), concurrentRuns: 1 })
  })
})
