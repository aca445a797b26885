import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { GenreTestInput, GenreTestStep } from '../../src-main/contract/dto/genre-test.ts'
import type { LiveAnswer, LiveSession, LiveSetup, LiveView } from '../../src-main/contract/dto/live.ts'
import type { PersonaOffer } from '../../src-main/contract/dto/persona.ts'
import { api } from '../client/api.ts'
import type { AutopilotWish } from '../composables/live-autopilot.ts'
import type { LiveCalls } from '../composables/live-panel.ts'
import { createLoading, createRemovals, withOne } from './listing.ts'

/** The live sessions of the workspace, and what can be asked of one. */
export const useLiveStore = defineStore('live', () => {
  const all = shallowRef<LiveSession[]>([])
  const { loaded, error, load } = createLoading(async () => (all.value = await api.live.list()))

  function put(session: LiveSession): LiveSession {
    all.value = withOne(all.value, session)
    return session
  }
  const putView = async (call: Promise<LiveView>) => {
    const view = await call
    put(view.session)
    return view
  }
  const putSession = async (call: Promise<LiveSession>) => put(await call)

  const removals = createRemovals({
    async remove(sessionId) {
      await api.live.remove({ sessionId })
      all.value = all.value.filter(({ id }) => id !== sessionId)
      return undefined
    },
    restore: (sessionId) => putSession(api.live.restore({ sessionId })),
  })

  /** What a panel asks of one session. */
  const callsFor = (sessionId: number): LiveCalls => ({
    view: () => putView(api.live.view({ sessionId })),
    answer: (answer: LiveAnswer, seen) => putView(api.live.answer({ sessionId, seen, ...answer })),
    undo: (seen) => putView(api.live.undo({ sessionId, seen })),
    branch: (answers) => putView(api.live.branch({ sessionId, answers })),
    whatIf: (question) => api.live.whatIf({ sessionId, ...question }),
    drift: () => api.live.drift({ sessionId }),
    genres: () => api.live.genres({ sessionId }),
    history: () => api.live.history({ sessionId }),
  })

  return {
    sessions: computed(() => all.value),
    byId: (id: number) => all.value.find((one) => one.id === id),
    loaded,
    error,
    load,
    ...removals,
    history: (sessionId: number) => api.live.history({ sessionId }),
    replay: (sessionId: number) => api.live.replay({ sessionId }),
    callsFor,
    personas: (runId: number, seed: number): Promise<PersonaOffer[]> => api.live.personas({ runId, seed }),
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
