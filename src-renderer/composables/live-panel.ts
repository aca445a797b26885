import { computed, ref, shallowRef } from 'vue'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'
import type {
  LiveAnswer,
  LiveDrift,
  LiveGenres,
  LiveItem,
  LiveView,
  PastAnswer,
  WhatIfInstead,
  WhatIfResult,
} from '../../src-main/contract/dto/live.ts'
import { responseOf, type Opinion } from './live-rating.ts'
import { entriesOf, entryOf, saidItem, type AnswerEntry } from './live-record.ts'

export type LiveWork = '' | 'opening' | 'answer' | 'undo' | 'branch' | 'autopilot'

/** What the panel asks of a session. */
export interface LiveCalls {
  view(): Promise<LiveView>
  /** @param seen how many answers the panel knows of: others may have been given in another window */
  answer(answer: LiveAnswer, seen: number): Promise<LiveView>
  undo(seen: number): Promise<LiveView>
  branch(answers: number): Promise<LiveView>
  whatIf(question: WhatIfQuestion): Promise<WhatIfResult>
  drift(): Promise<LiveDrift>
  genres(): Promise<LiveGenres>
  /** What was said before. */
  history(): Promise<PastAnswer[]>
}

export interface WhatIfQuestion {
  /** From 1. */
  readonly answer: number
  readonly itemIndex: number
  readonly instead: WhatIfInstead
}

/** How often the record is read again while somebody else answers. */
const RECORD_EVERY_MS = 800

export type LivePanel = ReturnType<typeof createLivePanel>

/**
 * One session as a person plays it. What was said greys at once; ranks and figures change only with the engine's reply, and until
 * then nothing more can be said: a held key answers an item once.
 *
 * @param clock milliseconds; the time from an answer to its ranking is measured with it
 */
export function createLivePanel(calls: LiveCalls, clock: () => number) {
  const view = shallowRef<LiveView>()
  const error = shallowRef<PalateError>()
  const work = ref<LiveWork>('')
  const said = shallowRef<ReadonlyMap<number, Opinion>>(new Map())
  /** The card that keys speak of. */
  const cursor = ref(0)
  const entries = shallowRef<readonly AnswerEntry[]>([])
  const lastMs = ref<number>()
  const question = shallowRef<{ readonly title: string; readonly asked: WhatIfQuestion }>()
  const otherwise = shallowRef<WhatIfResult>()
  /** With the answer after which it was measured. */
  const drift = shallowRef<LiveDrift & { readonly at: number }>()
  const measuring = ref<'' | 'drift' | 'genres'>('')
  const genres = shallowRef<LiveGenres>()

  const slate = computed<readonly LiveItem[]>(() => view.value?.slate ?? [])
  const unsaid = computed(() => slate.value.filter((item) => !said.value.has(item.itemIndex)))
  /** The ranks that the items of the last answer had. */
  const answered = computed(() => entries.value.at(-1)?.items.map(({ rank }) => rank) ?? [])
  const given = computed(() => view.value?.session.answers ?? 0)
  const canAnswer = computed(() => work.value === '' && slate.value.length > 0)
  const canUndo = computed(() => work.value === '' && given.value > 0)

  /** @returns what came back; undefined when it failed: `error` says why then */
  async function during<T>(what: LiveWork, call: () => Promise<T>): Promise<T | undefined> {
    if (work.value !== '') return undefined
    work.value = what
    error.value = undefined
    try {
      return await call()
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      error.value = failure
      return undefined
    } finally {
      work.value = ''
    }
  }
  function take(next: LiveView) {
    view.value = next
    said.value = new Map()
    cursor.value = 0
    closeWhatIf()
  }

  async function open() {
    const opened = await during('opening', () => Promise.all([calls.view(), calls.history()]))
    if (!opened) return
    entries.value = entriesOf(opened[1])
    take(opened[0])
  }

  /** Says it of one card. With one card, or the last one that was left, the answer goes. Saying the same again takes it back. */
  function say(itemIndex: number, opinion: Opinion) {
    if (!canAnswer.value || !slate.value.some((item) => item.itemIndex === itemIndex)) return
    const next = new Map(said.value)
    if (slate.value.length > 1 && next.get(itemIndex) === opinion) next.delete(itemIndex)
    else next.set(itemIndex, opinion)
    said.value = next
    if (unsaid.value.length === 0) return void send(false)
    if (!next.has(itemIndex)) return
    const at = slate.value.findIndex((item) => item.itemIndex === itemIndex)
    const ahead = [...slate.value.keys()].map((step) => (at + 1 + step) % slate.value.length)
    cursor.value = ahead.find((place) => !next.has(slate.value[place]!.itemIndex)) ?? cursor.value
  }

  /** Sends what was said; cards of which nothing was said stay candidates. @param leave ends the session with it */
  async function send(leave: boolean) {
    if (!canAnswer.value || (said.value.size === 0 && !leave)) return
    const spoken = slate.value.flatMap((item) => {
      const opinion = said.value.get(item.itemIndex)
      return opinion === undefined ? [] : [{ item, response: responseOf(item.itemIndex, opinion) }]
    })
    const responses = spoken.map(({ response }) => response)
    const from = clock()
    const next = await during('answer', () => calls.answer({ responses, leave }, given.value))
    if (!next) {
      if (error.value?.code === 'LIVE_SESSION_MOVED') return catchUp()
      // One card is answered by one key: nothing that was collected would be lost.
      if (slate.value.length === 1) said.value = new Map()
      return
    }
    lastMs.value = clock() - from
    entries.value = [
      ...entries.value,
      entryOf(
        next,
        spoken.map(({ item, response }) => saidItem({ ...item, ...response })),
        leave,
      ),
    ]
    take(next)
  }

  /** Shows how somebody else answers, then the session as it stands. */
  async function follow(views: AsyncIterable<LiveView>) {
    await during('autopilot', async () => {
      let readAt = clock()
      for await (const next of views) {
        take(next)
        if (clock() - readAt < RECORD_EVERY_MS) continue
        readAt = clock()
        entries.value = entriesOf(await calls.history())
      }
    })
    await catchUp()
  }

  /** The session as it stands; what went wrong before stays to be read. */
  async function catchUp() {
    const failure = error.value
    await open()
    error.value ??= failure
  }

  /** Looks whether the session went on in another window while nobody looked at this one. */
  async function look() {
    if (work.value !== '' || !view.value) return
    try {
      const { session } = await calls.view()
      if (work.value === '' && session.answers !== given.value) await open()
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
    }
  }

  async function undo() {
    if (!canUndo.value) return
    const next = await during('undo', () => calls.undo(given.value))
    if (!next) return error.value?.code === 'LIVE_SESSION_MOVED' ? catchUp() : undefined
    lastMs.value = undefined
    entries.value = entries.value.slice(0, next.session.answers)
    take(next)
  }

  /** @returns the number of the new session; undefined when it failed */
  async function branch(answers: number): Promise<number | undefined> {
    return (await during('branch', () => calls.branch(answers)))?.session.id
  }

  async function ask(title: string, asked: WhatIfQuestion) {
    const mine = (question.value = { title, asked })
    error.value = undefined
    try {
      const result = await calls.whatIf(asked)
      if (question.value === mine) otherwise.value = result
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      if (question.value !== mine) return
      closeWhatIf()
      error.value = failure
    }
  }
  function closeWhatIf() {
    question.value = undefined
    otherwise.value = undefined
  }

  async function measure(what: 'drift' | 'genres', ask: () => Promise<void>) {
    if (measuring.value || !view.value) return
    measuring.value = what
    try {
      await ask()
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      error.value = failure
    } finally {
      measuring.value = ''
    }
  }
  const measureDrift = () =>
    measure('drift', async () => {
      const at = view.value!.session.answers
      drift.value = { ...(await calls.drift()), at }
    })
  const measureGenres = () =>
    measure('genres', async () => {
      genres.value = await calls.genres()
    })

  return {
    view,
    error,
    work,
    said,
    cursor,
    entries,
    lastMs,
    question,
    otherwise,
    drift,
    genres,
    measuring,
    slate,
    unsaid,
    answered,
    canAnswer,
    canUndo,
    open,
    look,
    say,
    send,
    follow,
    undo,
    branch,
    ask,
    closeWhatIf,
    measureDrift,
    measureGenres,
    /** Goes to the card so many places on, and stays at the ends. */
    move: (by: number) => (cursor.value = Math.max(0, Math.min(slate.value.length - 1, cursor.value + by))),
    goTo(place: number) {
      if (place < slate.value.length) cursor.value = place
    },
    /** Another name or other notes: the rest stands. */
    change(session: LiveView['session']) {
      if (view.value) view.value = { ...view.value, session }
    },
  }
}
