import { expect, test } from 'vitest'
import type { DuelAnswer, DuelStanding, DuelView } from '../../../../src-main/contract/dto/duel.ts'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { duelFormProblems, duelSetupOf, newDuelForm, opponentsOf } from '../../../../src-renderer/composables/duel-form.ts'
import { createDuelPanel, duelKeys, type DuelCalls } from '../../../../src-renderer/composables/duel-panel.ts'
import { createAutopilot } from '../../../../src-renderer/composables/live-autopilot.ts'
import { verdictWords } from '../../../../src-renderer/composables/duel-words.ts'
import { fakeDuels } from '../../../support/fake-engine/duels.ts'
import { emptyWorld, fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

type Fake = ReturnType<typeof fakeDuels>

async function lab(change: object = {}, part: Partial<DuelCalls> = {}) {
  const world = emptyWorld()
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const id of [1, 2]) world.runs.set(id, fakeRun(id, world.datasets[0]!, 'finished'))
  const fake = fakeDuels(world)
  const call = <K extends keyof Fake>(name: K, input: object) =>
    (fake[name] as unknown as (input: object) => Promise<never>)({ duelId: 1, ...input })
  const setup = duelSetupOf({ ...newDuelForm(), planned: '3', ...change })
  await (fake.open as unknown as (input: object) => Promise<DuelView>)({ first: 1, second: 2, ...setup })
  const sent: DuelAnswer[] = []
  const panel = createDuelPanel({
    view: () => call('view', {}),
    answer(answer) {
      sent.push(answer)
      return call('answer', answer)
    },
    undo: () => call('undo', {}),
    finish: () => call('finish', {}),
    standing: () => call('standing', {}),
    steps: () => call('steps', {}),
    ...part,
  })
  await panel.open()
  let ends = 0
  const keys = duelKeys(panel, () => ends++)
  const press = (key: string, repeat = false) => keys[key]!({ repeat } as KeyboardEvent)
  const autopilot = (steps: number, perSecond: number, signal?: AbortSignal) =>
    fake.autopilot({ duelId: 1, steps, perSecond }, { signal }) as AsyncIterable<DuelView>
  return { panel, sent, press, ends: () => ends, autopilot }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('a preference takes the step with what was said; a held key takes one', async () => {
  const { panel, sent, press } = await lab()
  const [first, second] = panel.cards.value
  press('l')
  press('D')
  expect(panel.cursor.value).toBe(2)
  press('ArrowRight')
  for (let again = 0; again < 50; again++) press('ArrowRight', true)
  await settled()
  expect(sent).toEqual([
    {
      step: 1,
      responses: [
        { itemIndex: first!.itemIndex, feedback: 'like' },
        { itemIndex: second!.itemIndex, feedback: 'dislike' },
      ],
      preference: 'right',
    },
  ])
  expect(panel.said.value.size).toBe(0)
})

test('where likes decide, arrows walk and Enter sends; "=" and sides mean nothing', async () => {
  const { panel, sent, press } = await lab({ decides: 'likes' })
  press('=')
  press('ArrowRight')
  press('7')
  expect(panel.cursor.value).toBe(6)
  press('ArrowUp')
  expect(panel.cursor.value).toBe(5)
  await settled()
  expect(sent).toEqual([])
  press('Enter')
  await settled()
  expect(sent).toEqual([{ step: 1, responses: [], preference: null }])
})

test('a blind duel has no names and no counts until they are asked for; looking is gone with the next step', async () => {
  const { panel, press, ends } = await lab()
  press('ArrowLeft')
  await settled()
  expect(panel.veiled.value).toBe(true)
  expect(panel.standing.value).toBeUndefined()
  await panel.look()
  expect(panel.standing.value).toMatchObject({ wins: [1, 0] })
  press('ArrowLeft')
  await settled()
  expect(panel.standing.value).toBeUndefined()
  press('x')
  expect(ends()).toBe(1)
  await panel.finish()
  expect(panel.veiled.value).toBe(false)
  expect(panel.canUndo.value).toBe(false)
  expect(panel.standing.value!.wins[0] + panel.standing.value!.wins[1]).toBe(2)
})

test('a simulated user takes steps, blind all the while; nobody else can say anything until it ends', async () => {
  const { panel, press, sent, autopilot } = await lab()
  const seen: unknown[] = []
  async function* watched() {
    for await (const view of autopilot(9, 0)) {
      yield view
      const { duel, standing } = panel.view.value!
      seen.push([duel.steps, duel.policies, standing, panel.following.value, panel.canStep.value, panel.canUndo.value])
      press('l')
      press('ArrowLeft')
      press('u')
    }
  }
  await panel.follow(watched())
  expect(seen).toEqual([1, 2, 3].map((taken) => [taken, null, null, true, false, false]))
  expect([sent, panel.said.value.size, panel.following.value]).toEqual([[], 0, false])
  expect(panel.view.value!.duel).toMatchObject({ state: 'complete', policies: null, lookedAfter: null })
})

test('what goes wrong while it answers stays to be read, beside the duel as it stands', async () => {
  const { panel, autopilot } = await lab()
  const lost = new PalateError('TRAINER_LOST', 'It is gone.', { run: '1', exit: 'signal SIGKILL' })
  await panel.follow(
    (async function* () {
      yield* autopilot(1, 0)
      throw lost
    })(),
  )
  expect([panel.error.value, panel.view.value!.duel.steps, panel.canStep.value]).toEqual([lost, 1, true])
})

test('it flies until it is stopped, or ends of its own accord, which is told apart', async () => {
  const { panel, autopilot } = await lab({ planned: '9' })
  const wishes: object[] = []
  let leaves = false
  const pilot = createAutopilot<DuelView>(panel.follow, async (wish, signal) => {
    wishes.push(wish)
    return Promise.resolve(leaves ? autopilot(1, 0, signal) : autopilot(wish.answers, wish.perSecond, signal))
  })
  const flight = pilot.fly({ answers: 1000, perSecond: 50 })
  void pilot.fly({ answers: 1, perSecond: 0 })
  await expect.poll(() => panel.view.value!.duel.steps).toBeGreaterThan(1)
  pilot.stop()
  await flight
  expect([wishes.length, pilot.flying.value, pilot.ended.value, panel.canStep.value]).toEqual([1, false, false, true])
  expect(panel.view.value!.duel.steps).toBeLessThan(9)
  await pilot.fly({ answers: 1, perSecond: 0 })
  expect(pilot.ended.value).toBe(false)
  leaves = true
  await pilot.fly({ answers: 1000, perSecond: 0 })
  expect(pilot.ended.value).toBe(true)
})

test('what the engine refuses is shown, and what was said is kept', async () => {
  const refused = new PalateError('DUEL_NOT_FOUND', 'There is no duel 1 in this workspace.', { duel: '1' })
  const { panel, press } = await lab({}, { answer: () => Promise.reject(refused) })
  press('l')
  press('ArrowLeft')
  await settled()
  expect(panel.error.value).toBe(refused)
  expect(panel.said.value.size).toBe(1)
})

test('the form knows what can meet', () => {
  const runs = [
    { id: 1, datasetId: 1 },
    { id: 2, datasetId: 1 },
    { id: 3, datasetId: 2 },
  ]
  const form = { ...newDuelForm(), runId: 1 }
  const problem = (second: number | undefined) => duelFormProblems({ ...form, second }, runs)['second']
  expect(problem(undefined)).toBe('Choose a second run.')
  expect(problem(1)).toBe('A run cannot play against itself.')
  expect(problem(3)).toBe('Both runs must know the same data set.')
  expect(problem(2)).toBeUndefined()
  expect(opponentsOf(runs, 1)).toEqual([{ id: 2, datasetId: 1 }])
  expect(duelFormProblems({ ...form, second: 2, slate: '11', planned: '0' }, runs)).toEqual({
    slate: 'A whole number from 1 to 10.',
    planned: 'A whole number from 1 to 1,000.',
  })
  expect(duelSetupOf({ ...form, mode: 'interleaved', decides: 'preference' })).toMatchObject({ decides: 'likes', planned: 20 })
})

test('the verdict says no more than the test allows', () => {
  const standing = (part: Partial<DuelStanding>): DuelStanding => ({
    wins: [9, 1],
    ties: 0,
    likes: [0, 0],
    dislikes: [0, 0],
    p: 22 / 1024,
    distinguishable: true,
    winsNeeded: 9,
    ...part,
  })
  const names = ['a', 'b'] as const
  expect(verdictWords(standing({}), names)).toEqual({
    title: 'a wins',
    text: 'Two-sided sign test over 10 decided steps: p = .021. Chance alone would seldom split them so.',
    decided: true,
  })
  expect(verdictWords(standing({ wins: [2, 8], p: 0.109375, distinguishable: false }), names)).toEqual({
    title: 'Not distinguishable',
    text: 'Two-sided sign test over 10 decided steps: p = .109. One of them would have needed 9 of 10.',
    decided: false,
  })
  expect(verdictWords(standing({ wins: [1, 0], p: 1, distinguishable: false, winsNeeded: null }), names).text).toBe(
    'Two-sided sign test over 1 decided step: p = 1. So few cannot tell two policies apart: six, all for one, are the least.',
  )
  expect(verdictWords(standing({ wins: [0, 0], p: null, distinguishable: false }), names).title).toBe('Nothing decided')
})
