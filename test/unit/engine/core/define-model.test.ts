import { describe, expect, it } from 'vitest'
import { float } from '../../../../src-main/contract/params.ts'
import { defineModel, describeModel, type ModelDefinition } from '../../../../src-main/engine/core/model.ts'

const params = { rate: float({ default: 0.5, min: 0, max: 1, doc: 'A rate.' }) }

const definition = (change: object = {}): ModelDefinition<typeof params> => ({
  id: 'toy',
  version: 1,
  title: 'Toy',
  summary: 'Does nothing.',
  kind: 'static',
  family: 'frame',
  feedback: 'none',
  needs: [],
  source: { paper: 'none', title: 'None' },
  deviations: [],
  params,
  presets: [{ id: 'default', title: 'Default', doc: 'As it is.', values: { rate: 0.1 } }],
  defaultPreset: 'default',
  curves: [],
  create: () => ({
    kind: 'scorer',
    epochs: 0,
    start: () => ({ epoch: () => ({}), scorer: () => ({ score() {} }), save: () => ({}), restore() {} }),
  }),
  ...change,
})

describe('defining a model', () => {
  it('refuses a preset that sets what the model has not', () => {
    const presets = [{ id: 'fast', title: 'Fast', doc: 'Fast.', values: { speed: 1 } }]
    expect(() => defineModel(definition({ presets, defaultPreset: 'fast' }))).toThrow(
      new TypeError('toy: preset fast sets unknown "speed"'),
    )
  })

  it('is not fooled by names that every object has', () => {
    const presets = [{ id: 'fast', title: 'Fast', doc: 'Fast.', values: { toString: 1 } }]
    expect(() => defineModel(definition({ presets, defaultPreset: 'fast' }))).toThrow(
      new TypeError('toy: preset fast sets unknown "toString"'),
    )
  })

  it('refuses a default preset that does not exist', () => {
    expect(() => defineModel(definition({ defaultPreset: 'other' }))).toThrow(
      new TypeError('toy: the default preset "other" is not among its presets'),
    )
  })

  it('describes a model as plain data that survives the wire and cannot change the model', () => {
    const model = defineModel(definition())
    const described = describeModel(model)
    expect(JSON.parse(JSON.stringify(described))).toEqual(described)
    expect(described).not.toHaveProperty('create')
    described.presets[0]!.values['rate'] = 0.9
    expect(model.presets[0]!.values).toEqual({ rate: 0.1 })
  })
})
