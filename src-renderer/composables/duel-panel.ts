import { computed, ref, shallowRef } from 'vue'
import type { DuelAnswer, DuelPreference, DuelStanding, DuelStep, DuelView } from '../../src-main/contract/dto/duel.ts'
import { isPalateError } from '../../src-main/contract/errors.ts'
import { useSubmission } from './use-submission.ts'

export type DuelSaid = 'like' | 'dislike'

/** What the panel asks of a duel. */
export interface DuelCalls {
  view(): Promise<DuelView>
  answer(answer: DuelAnswer): Promise<DuelView>
  undo(): Promise<DuelView>
  finish(): Promise<DuelView>
  standing(): Promise<DuelStanding>
  steps(): Promise<DuelStep[]>
}

export type DuelPanel = ReturnType<typeof createDuelPanel>

/**
 * One duel as a person plays it. What is said is collected until the step goes, with a preference or without; then nothing more can
 * be said until the engine's reply is there: a held key takes one step.
 */
export function createDuelPanel(calls: DuelCalls) {
  const view = shallowRef<DuelView>()
  const { busy, error, submit } = useSubmission()
  const said = shallowRef<ReadonlyMap<number, DuelSaid>>(new Map())
  /** The card that keys speak of: left to right, top to bottom. */
  const cursor = ref(0)
  /** Counts that were asked for while they are withheld; gone with the next step. */
  const looked = shallowRef<DuelStanding>()
  const steps = shallowRef<readonly DuelStep[]>()
  /** Somebody else answers. */
  const following = ref(false)

  const cards = computed(() => (view.value?.slates ?? []).flat())
  const setup = computed(() => view.value?.duel.setup)
  const standing = computed(() => view.value?.standing ?? looked.value)
  const canStep = computed(() => !busy.value && cards.value.length > 0)
  const prefers = computed(() => setup.value?.decides === 'preference')
  const veiled = computed(() => view.value !== undefined && view.value.duel.policies === null)
  const canUndo = computed(() => {
    if (busy.value || !view.value) return false
    const { state, steps: taken } = view.value.duel
    return state === 'over' ? setup.value?.blind === false : taken > 0
  })

  const during = (call: () => Promise<DuelView>) => submit(async () => take(await call()))
  function take(next: DuelView) {
    view.value = next
    said.value = new Map()
    cursor.value = 0
    looked.value = undefined
    steps.value = undefined
  }

  function say(itemIndex: number, feedback: DuelSaid) {
    if (!canStep.value) return
    const next = new Map(said.value)
    if (next.get(itemIndex) === feedback) next.delete(itemIndex)
    else next.set(itemIndex, feedback)
    said.value = next
    if (next.has(itemIndex) && cursor.value < cards.value.length - 1) cursor.value += 1
  }

  /** Takes the step. @param preference null where likes decide */
  async function send(preference: DuelPreference | null) {
    const duel = view.value?.duel
    if (!canStep.value || !duel || (preference !== null) !== prefers.value) return
    const responses = [...said.value].map(([itemIndex, feedback]) => ({ itemIndex, feedback }))
    await during(() => calls.answer({ step: duel.steps + 1, responses, preference }))
  }

  /** Shows how somebody else answers, then the duel as it stands. */
  async function follow(views: AsyncIterable<DuelView>) {
    if (busy.value) return
    following.value = true
    try {
      await submit(async () => {
        for await (const next of views) take(next)
      })
    } finally {
      following.value = false
    }
    const failure = error.value
    await during(() => calls.view())
    error.value ??= failure
  }

  async function ask<T>(call: () => Promise<T>, put: (value: T) => void) {
    try {
      put(await call())
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      error.value = failure
    }
  }

  return {
    view,
    error,
    busy,
    said,
    cursor,
    standing,
    steps,
    following,
    cards,
    canStep,
    canUndo,
    prefers,
    veiled,
    open: () => during(() => calls.view()),
    say,
    send,
    follow,
    undo: async () => {
      if (canUndo.value) await during(() => calls.undo())
    },
    finish: () => during(() => calls.finish()),
    look: () =>
      ask(
        () => calls.standing(),
        (value) => (looked.value = value),
      ),
    loadSteps: () =>
      ask(
        () => calls.steps(),
        (value) => (steps.value = value),
      ),
    goTo(place: number) {
      if (place >= 0 && place < cards.value.length) cursor.value = place
    },
    change(duel: DuelView['duel']) {
      if (view.value) view.value = { ...view.value, duel }
    },
  }
}

type Key = (event: KeyboardEvent) => void

/** The keys of the panel. A key that is held down repeats itself; only its first press counts. */
export function duelKeys(panel: DuelPanel, end: () => void): Record<string, Key> {
  const once =
    (act: () => unknown): Key =>
    (event) => {
      if (!event.repeat) void act()
    }
  const say = (feedback: DuelSaid) =>
    once(() => {
      const card = panel.cards.value[panel.cursor.value]
      if (card) panel.say(card.itemIndex, feedback)
    })
  const letters: Record<string, Key> = {
    l: say('like'),
    d: say('dislike'),
    u: once(() => panel.undo()),
    x: once(end),
  }
  const capitals = Object.fromEntries(Object.entries(letters).map(([key, act]) => [key.toUpperCase(), act]))
  const digits = Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => [String(digit), once(() => panel.goTo(digit === 0 ? 9 : digit - 1))]),
  )
  const side = (preference: 'left' | 'right', by: number): Key => {
    const prefer = once(() => panel.send(preference))
    return (event) => (panel.prefers.value ? prefer(event) : panel.goTo(panel.cursor.value + by))
  }
  return {
    ...letters,
    ...capitals,
    ...digits,
    ArrowLeft: side('left', -1),
    ArrowRight: side('right', 1),
    ArrowUp: () => panel.goTo(panel.cursor.value - 1),
    ArrowDown: () => panel.goTo(panel.cursor.value + 1),
    '=': once(() => panel.send('tie')),
    Enter: once(() => panel.send(null)),
  }
}
