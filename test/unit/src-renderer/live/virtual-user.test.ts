import { expect, test } from 'vitest'
import virtual from '../../../../src-main/engine/simulation/virtual.ts'
import { traitsOf, traitText, withTrait } from '../../../../src-renderer/composables/virtual-user.ts'
import { liveFormProblems, liveSetupOf, newLiveForm } from '../../../../src-renderer/composables/live-form.ts'

const traits = traitsOf(virtual.params)
const boredom = traits.find(({ name }) => name === 'boredom')!

test('every slider is a setting that the simulator declares, within its range, with its default on the scale', () => {
  expect(traits.map(({ name }) => name)).toEqual(['mixture', 'clickBase', 'boredom', 'leaveBase', 'drift', 'dislikeBelow'])
  for (const { name, min, max, default: start, doc } of traits) {
    const spec = virtual.params[name]
    if (spec?.type !== 'float' && spec?.type !== 'int') throw new Error(name)
    expect(min).toBeGreaterThanOrEqual(spec.min)
    expect(max).toBeLessThanOrEqual(spec.max)
    expect(start).toBeGreaterThanOrEqual(min)
    expect(start).toBeLessThanOrEqual(max)
    expect(doc).toBe(spec.doc)
  }
})

test('what stands at its default is not sent', () => {
  const bored = withTrait({ drift: 0.5 }, boredom, 4)
  expect(bored).toEqual({ drift: 0.5, boredom: 4 })
  expect(withTrait(bored, boredom, boredom.default)).toEqual({ drift: 0.5 })
})

test('values are written with the decimals of their step and a true minus', () => {
  const of = (name: string) => traits.find((one) => one.name === name)!
  expect([traitText(of('mixture'), 3), traitText(of('leaveBase'), -4.2), traitText(of('drift'), 0.1)]).toEqual([
    '3',
    '−4.2',
    '0.10',
  ])
})

test('a virtual user goes with its number and traits, and its vector always follows', () => {
  const form = { ...newLiveForm(), runId: 1, viewer: 'virtual' as const, virtualSeed: '12', traits: { boredom: 4 } }
  expect(liveFormProblems(form)).toEqual({})
  expect(liveSetupOf(form)).toMatchObject({
    viewer: { kind: 'virtual', seed: 12, settings: { boredom: 4 } },
    userVector: 'follows',
  })
  expect(liveFormProblems({ ...form, virtualSeed: '1.5' })).toEqual({ virtual: 'A whole number from 0 to 1,000,000.' })
})

test('a persona goes with its name and number, and with the vector of somebody who names favourites', () => {
  const form = { ...newLiveForm(), runId: 1, viewer: 'persona' as const, persona: 'fan', personaSeed: '3' }
  expect(liveFormProblems(form)).toEqual({})
  expect(liveSetupOf(form)).toMatchObject({ viewer: { kind: 'persona', persona: 'fan', seed: 3 }, userVector: 'follows' })
  expect(liveSetupOf({ ...form, guestVector: 'initial' }).userVector).toBe('initial')
  expect(liveFormProblems({ ...form, persona: undefined, personaSeed: '-1' })).toEqual({
    persona: 'Choose a persona.',
    personaSeed: 'A whole number from 0 to 1,000,000.',
  })
})
