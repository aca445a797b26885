import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { LiveAnswer, LiveSession, LiveSetup, LiveView } from '../../src-main/contract/dto/live.ts'
import { api } from '../client/api.ts'
import type { LiveCalls } from '../composables/live-panel.ts'
import { useConnectionStore } from './connection.ts'

/** A deleted session can be had back for so long; only then the engine is told. */
const undoMs = 10_000

/** The live sessions of the workspace, and what can be asked of one. */
export const useLiveStore = defineStore('live', () => {
  const all = shallowRef<LiveSession[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  const removed = shallowRef<readonly { readonly id: number; readonly name: string }[]>([])
  const timers = new Map<number, ReturnType<typeof setTimeout>>()

  async function load() {
    try {
      all.value = await api.live.list()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)

  function put(session: LiveSession): LiveSession {
    const others = all.value.filter(({ id }) => id !== session.id)
    all.value = [...others, session].sort((a, b) => b.id - a.id)
    return session
  }
  const putView = async (call: Promise<LiveView>) => {
    const view = await call
    put(view.session)
    return view
  }
  const putSession = async (call: Promise<LiveSession>) => put(await call)

  /** Hides it; it is deleted when its time to come back is over. A window that is closed before has deleted nothing. */
  function remove({ id, name }: LiveSession) {
    removed.value = [...removed.value, { id, name }]
    timers.set(
      id,
      setTimeout(() => void removeNow(id), undoMs),
    )
  }
  function restore(id: number) {
    clearTimeout(timers.get(id))
    timers.delete(id)
    removed.value = removed.value.filter((one) => one.id !== id)
  }
  async function removeNow(id: number) {
    try {
      await api.live.remove({ sessionId: id })
      all.value = all.value.filter((one) => one.id !== id)
    } catch (failure) {
      error.value = failure as PalateError
    }
    restore(id)
  }

  /** What a panel asks of one session. */
  const callsFor = (sessionId: number): LiveCalls => ({
    view: () => putView(api.live.view({ sessionId })),
    answer: (answer: LiveAnswer) => putView(api.live.answer({ sessionId, ...answer })),
    undo: () => putView(api.live.undo({ sessionId })),
    branch: (answers) => putView(api.live.branch({ sessionId, answers })),
    whatIf: (question) => api.live.whatIf({ sessionId, ...question }),
    drift: () => api.live.drift({ sessionId }),
    async record() {
      let text = ''
      for await (const chunk of await api.live.exportEvents({ sessionId })) text += chunk
      return text
    },
  })

  return {
    sessions: computed(() => all.value.filter(({ id }) => !removed.value.some((one) => one.id === id))),
    loaded,
    error,
    removed,
    load,
    remove,
    restore,
    removeNow,
    callsFor,
    open: (input: LiveSetup & { runId: number; name?: string }) => putView(api.live.open(input)),
    rename: (sessionId: number, name: string) => putSession(api.live.rename({ sessionId, name })),
    setNotes: (sessionId: number, notes: string) => putSession(api.live.setNotes({ sessionId, notes })),
    continueTraining: (sessionId: number) => api.live.continueTraining({ sessionId }),
    exportEvents: (sessionId: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.live.exportEvents({ sessionId }, { signal }),
  }
})
