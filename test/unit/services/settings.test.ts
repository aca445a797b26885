import { describe, expect, it } from 'vitest'
import { ownRunDefaults } from '../../../src-main/contract/dto/run-defaults.ts'
import { settings } from '../../../src-main/contract/dto/system.ts'
import { engineCatalogue } from '../../../src-main/services/models.ts'
import { defaultSettings, getSettings, setSettings } from '../../../src-main/services/settings.ts'
import { storageLab } from '../../support/storage-lab.ts'

const catalogue = engineCatalogue()

describe('settings', () => {
  it('are the defaults until somebody changes them, and only what was changed changes', async () => {
    const { repositories } = await storageLab()
    expect(await getSettings(repositories.settings)).toEqual(defaultSettings())
    expect(await setSettings(repositories.settings, { theme: 'dark' }, catalogue)).toEqual({
      ...defaultSettings(),
      theme: 'dark',
    })
    expect(await setSettings(repositories.settings, { csvFormulaGuard: false, theme: undefined }, catalogue)).toEqual({
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
      ...ownRunDefaults,
    })
  })

  it('of new runs are refused where this engine cannot train so, and nothing changes then', async () => {
    const { repositories } = await storageLab()
    const set = (change: Parameters<typeof setSettings>[1]) => setSettings(repositories.settings, change, catalogue)
    await expect(set({ theme: 'dark', defaultModel: 'abacus' })).rejects.toThrow(/^There is no model "abacus"\. Choose one of: /)
    await expect(set({ defaultProtocols: ['guess'] })).rejects.toThrow(/^There is no protocol "guess"\. Choose from: /)
    expect(await getSettings(repositories.settings)).toEqual(defaultSettings())
    const mine = { defaultModel: 'svd++', defaultSplit: 'time:0.9', defaultSeedCount: 3, defaultKs: [20, 1] }
    expect(await set(mine)).toEqual({ ...defaultSettings(), ...mine })
  })

  it.each([
    [{ defaultSplit: 'half' }, /^A split reads "random:SHARE"/],
    [{ defaultSplit: 'random:0.855' }, /^The share of a default split is a whole percentage, for instance random:0\.8\.$/],
    [{ defaultSeedCount: 0 }, /./],
    [{ defaultSeedCount: 101 }, /./],
    [{ defaultKs: [5, 5] }, /^A list length stands there twice\.$/],
    [{ defaultKs: [] }, /./],
    [{ defaultProtocols: [] }, /./],
  ])('of new runs are refused on receipt: %j', (wrong, message) => {
    const parsed = settings.partial().safeParse(wrong)
    expect(parsed.error?.issues.map((issue) => issue.message).join()).toMatch(message)
  })

  it.each([
    { backend: 'abacus' },
    { threads: 0 },
    { threads: 65 },
    { threads: 1.5 },
    { threads: 'many' },
    { allowFallback: 'yes' },
    { defaultSplit: 'half' },
    { defaultKs: [0] },
    { defaultSeedCount: '3' },
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
