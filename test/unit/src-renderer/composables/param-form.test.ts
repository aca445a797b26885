import { describe, expect, test } from 'vitest'
import { bool, choice, float, int } from '../../../../src-main/contract/params.ts'
import {
  changedValues,
  differs,
  formGroups,
  formIssues,
  issuesByName,
  presetValues,
} from '../../../../src-renderer/composables/param-form.ts'
import { fakeModels } from '../../../support/fake-engine/models.ts'

const specs = {
  updates: int({ default: 3000, min: 0, max: 1_000_000, group: 'Training', doc: 'How many.' }),
  rate: float({ default: 1e-4, min: 1e-7, max: 1, scale: 'log', group: 'Training', doc: 'How fast.' }),
  tau: float({ default: 0.001, min: 0, max: 1, group: 'Agent', advanced: true, doc: 'How soft.' }),
  residual: bool({ default: false, group: 'Agent', doc: 'Whether.' }),
  side: choice({
    default: 'both',
    options: [
      { value: 'both', label: 'Both' },
      { value: 'one', label: 'One' },
    ],
    group: 'Agent',
    doc: 'Which.',
  }),
}
const preset = { updates: 3000, rate: 1e-4, tau: 0.001, residual: true, side: 'both' }

test('the form has the groups of the specs in their order, with the advanced ones apart', () => {
  const groups = formGroups(specs, preset)
  expect(
    groups.map((group) => [group.title, group.fields.map((field) => field.name), group.advanced.map((field) => field.name)]),
  ).toEqual([
    ['Training', ['updates', 'rate'], []],
    ['Agent', ['residual', 'side'], ['tau']],
  ])
  expect(groups[1]?.fields[0]).toMatchObject({ label: 'Residual', preset: true })
})

test('a preset is the defaults and what it changes', () => {
  const model = fakeModels[0]!
  expect(presetValues(model, 'palate')).toMatchObject({ residual: true, updates: 3000, gamma: 0.9 })
  expect(presetValues(model, 'paper')).toMatchObject({ residual: false, updates: 4000 })
})

describe('what is typed', () => {
  test('is checked by the engine’s own parser, all fields at once, with a message for each', () => {
    expect(formIssues(specs, { ...preset, updates: '-1', rate: '1e-', side: 'left' })).toEqual({
      updates: 'Must be a whole number from 0 to 1000000, not -1.',
      rate: 'Must be a number from 1e-7 to 1, not "1e-".',
      side: 'Must be one of both, one, not "left".',
    })
    expect(formIssues(specs, { ...preset, updates: '250', rate: '0.00010' })).toEqual({})
  })

  test('counts as changed only when it means something else than the preset', () => {
    expect(differs(specs.rate, '0.00010', 1e-4)).toBe(false)
    expect(differs(specs.rate, '', 1e-4)).toBe(true)
    expect(differs(specs.residual, false, true)).toBe(true)
    expect(differs(specs.side, 'both', 'both')).toBe(false)
  })

  test('is sent as numbers, and only where it differs', () => {
    expect(changedValues(specs, { ...preset, updates: '250', rate: '0.0001', residual: false }, preset)).toEqual({
      updates: 250,
      residual: false,
    })
  })
})

test('what the engine refuses lands at its field', () => {
  expect(issuesByName([{ name: 'tau', message: 'tau must be a number from 0 to 1, not 2.' }])).toEqual({
    tau: 'Must be a number from 0 to 1, not 2.',
  })
})
