import { describe, expect, it } from 'vitest'
import { configurationDifferences } from '../../../src-main/contract/dto/configuration.ts'
import { createConfigurationHandlers } from '../../../src-main/services/configurations/configuration-handlers.ts'
import { engineCatalogue } from '../../../src-main/services/models.ts'
import { storageLab } from '../../support/storage-lab.ts'

async function lab() {
  const { repositories } = await storageLab()
  return createConfigurationHandlers(repositories.configurations, engineCatalogue())
}
const values = { model: 'custom', preset: 'palate', params: { encoder: 'gru-attention', historyLength: '7' } }

describe('saved configurations', () => {
  it('keep complete values, and every save makes a version that stays as it was', async () => {
    const handlers = await lab()
    const first = await handlers.save({ name: 'Dual GRU', ...values }, {})
    expect(first).toMatchObject({ name: 'Dual GRU', model: 'custom', version: 1 })
    expect(first.versions[0]!.params).toMatchObject({ encoder: 'gru-attention', historyLength: 7, actors: 'dual', gamma: 0.9 })
    const given = { configurationId: first.id, ...values }
    const second = await handlers.saveVersion({ ...given, params: { ...values.params, actorHidden: 32 } }, {})
    expect(second.versions.map(({ version, params }) => [version, params['actorHidden']])).toEqual([
      [2, 32],
      [1, 64],
    ])
    expect(configurationDifferences(second.versions[1]!, second.versions[0]!)).toEqual([
      { name: 'actorHidden', left: 64, right: 32 },
    ])
    const same = await handlers.saveVersion({ ...given, params: { ...values.params, actorHidden: 32 } }, {})
    expect(same.versions).toHaveLength(2)
  })

  it('have names of their own; a copy gets a number', async () => {
    const handlers = await lab()
    const { id } = await handlers.save({ name: '<b>bold</b>', ...values }, {})
    await expect(handlers.save({ name: '<b>bold</b>', ...values }, {})).rejects.toMatchObject({
      code: 'CONFIGURATION_NAME_TAKEN',
      message: 'There is already a configuration named "<b>bold</b>". Choose another name, or save a new version of that one.',
    })
    const copies = [await handlers.duplicate({ configurationId: id }, {}), await handlers.duplicate({ configurationId: id }, {})]
    expect(copies.map(({ name }) => name)).toEqual(['<b>bold</b> (2)', '<b>bold</b> (3)'])
    await expect(handlers.rename({ configurationId: id, name: '<b>bold</b> (2)' }, {})).rejects.toMatchObject({
      code: 'CONFIGURATION_NAME_TAKEN',
    })
    expect((await handlers.rename({ configurationId: id, name: 'plain' }, {})).name).toBe('plain')
  })

  it('that were deleted are gone from the list, free their name, and come back under one that is free', async () => {
    const handlers = await lab()
    const { id } = await handlers.save({ name: 'one', ...values }, {})
    expect(await handlers.remove({ configurationId: id }, {})).toEqual({ removed: true, undoMs: 60_000 })
    expect(await handlers.list(undefined, {})).toEqual([])
    await expect(handlers.get({ configurationId: id }, {})).rejects.toMatchObject({ code: 'CONFIGURATION_NOT_FOUND' })
    await handlers.save({ name: 'one', ...values }, {})
    expect(await handlers.restore({ configurationId: id }, {})).toMatchObject({ id, name: 'one (2)', version: 1 })
    expect(await handlers.remove({ configurationId: 99 }, {})).toMatchObject({ removed: false })
  })

  it('are deleted for good when nobody wanted them back in time', async () => {
    const { repositories } = await storageLab()
    const handlers = createConfigurationHandlers(repositories.configurations, engineCatalogue(), 20)
    const { id } = await handlers.save({ name: 'one', ...values }, {})
    await handlers.remove({ configurationId: id }, {})
    await expect
      .poll(
        () =>
          handlers.restore({ configurationId: id }, {}).then(
            () => handlers.remove({ configurationId: id }, {}),
            (error: unknown) => error,
          ),
        { interval: 200 },
      )
      .toMatchObject({
        code: 'CONFIGURATION_NOT_FOUND',
      })
  })
})

describe('a configuration as a file', () => {
  it('comes back as it went out, in another workspace', async () => {
    const [here, there] = [await lab(), await lab()]
    const saved = await here.save({ name: 'Dual GRU', ...values }, {})
    const { text } = await here.exportJson({ configurationId: saved.id }, {})
    const read = await there.importJson({ text }, {})
    expect(read.name).toBe('Dual GRU')
    expect(configurationDifferences(saved.versions[0]!, read.versions[0]!)).toEqual([])
    expect((await there.importJson({ text }, {})).name).toBe('Dual GRU (2)')
  })

  const file = { palateConfiguration: 1, name: 'x', model: 'custom', modelVersion: 1, preset: 'palate', params: {} }
  it.each([
    ['{', 'This file is no JSON, so it cannot be a configuration. Choose a file that the builder has exported.'],
    [
      '[1]',
      'This is no configuration of Palate: it has no field "palateConfiguration". Choose a file that the builder has exported.',
    ],
    [
      { ...file, palateConfiguration: 2 },
      'This configuration is of version 2, and this Palate reads version 1. Import it with the Palate that it was exported from.',
    ],
    [
      { ...file, modelVersion: 7 },
      'This configuration is for version 7 of Custom actor-critic, and this Palate has version 1: the same values would train another model. Import it with the Palate that it was exported from.',
    ],
    [
      { ...file, surprise: 1 },
      'This configuration cannot be read. Unrecognized key: "surprise". Correct the file, or export it again.',
    ],
    [
      { ...file, name: 'x'.repeat(10_000) },
      'This configuration cannot be read. name: Too big: expected string to have <=200 characters. Correct the file, or export it again.',
    ],
    [
      { ...file, params: { gamma: 2 } },
      'One parameter is not valid for the model "custom". gamma must be a number from 0 to 1, not 2. Look up the parameters of the model.',
    ],
  ])('that does not fit is refused, and told why: %#', async (content, message) => {
    const handlers = await lab()
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    await expect((async () => handlers.importJson({ text }, {}))()).rejects.toMatchObject({ message })
    expect(await handlers.list(undefined, {})).toEqual([])
  })
})
