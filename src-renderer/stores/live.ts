import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import type { GenreTestInput, GenreTestStep } from '../../src-main/contract/dto/genre-test.ts'
import type { LiveAnswer, LiveSession, LiveSetup, LiveView } from '../../src-main/contract/dto/live.ts'
import { api } from '../client/api.ts'
import type { AutopilotWish } from '../composables/live-autopilot.ts'
import type { LiveCalls } from '../composables/live-panel.ts'
import { useConnectionStore } from './connection.ts'

/** The live sessions of the workspace, and what can be asked of one. */
export const useLiveStore = defineStore('live', () => {
  const all = shallowRef<LiveSession[]>([])
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  /** Removed in this window, and still to be had back. */
  const removed = shallowRef<readonly { readonly id: number; readonly name: string }[]>([])

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

  /** Hides it; `restore` brings it back until the workspace is opened again. */
  async function remove({ id, name }: Pick<LiveSession, 'id' | 'name'>) {
    await api.live.remove({ sessionId: id })
    all.value = all.value.filter((one) => one.id !== id)
    removed.value = [...removed.value, { id, name }]
  }
  async function restore(id: number) {
    put(await api.live.restore({ sessionId: id }))
    forget(id)
  }
  const forget = (id: number) => (removed.value = removed.value.filter((one) => one.id !== id))

  /** What a panel asks of one session. */
  const callsFor = (sessionId: number): LiveCalls => ({
    view: () => putView(api.live.view({ sessionId })),
    answer: (answer: LiveAnswer) => putView(api.live.answer({ sessionId, ...answer })),
    undo: () => putView(api.live.undo({ sessionId })),
    branch: (answers) => putView(api.live.branch({ sessionId, answers })),
    whatIf: (question) => api.live.whatIf({ sessionId, ...question }),
    drift: () => api.live.drift({ sessionId }),
    history: () => api.live.history({ sessionId }),
  })

  return {
    sessions: computed(() => all.value),
    byId: (id: number) => all.value.find((one) => one.id === id),
    loaded,
    error,
    removed,
    load,
    remove,
    restore,
    forget,
    history: (sessionId: number) => api.live.history({ sessionId }),
    replay: (sessionId: number) => api.live.replay({ sessionId }),
    callsFor,
    open: (input: LiveSetup & { runId: number; name?: string }) => putView(api.live.open(input)),
    rename: (sessionId: number, name: string) => putSession(api.live.rename({ sessionId, name })),
    setNotes: (sessionId: number, notes: string) => putSession(api.live.setNotes({ sessionId, notes })),
    autopilot: (sessionId: number, how: AutopilotWish, signal: AbortSignal): Promise<AsyncIterable<LiveView>> =>
      api.live.autopilot({ sessionId, ...how }, { signal }),
    genreTest: (runId: number, wish: GenreTestInput, signal: AbortSignal): Promise<AsyncIterable<GenreTestStep>> =>
      api.live.genreTest({ runId, ...wish }, { signal }),
    continueTraining: (sessionId: number) => api.live.continueTraining({ sessionId }),
    exportEvents: (sessionId: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.live.exportEvents({ sessionId }, { signal }),
    exportJson: (sessionId: number, signal: AbortSignal): Promise<AsyncIterable<string>> =>
      api.live.exportJson({ sessionId }, { signal }),
    exportSessions: (signal: AbortSignal): Promise<AsyncIterable<string>> => api.live.exportSessions(undefined, { signal }),
  }
})
