import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { ProcessFacts, RunLog, RunLogEntry } from '../../src-main/contract/dto/run-log.ts'
import { api } from '../client/api.ts'

/** The logs of the runs somebody looks at, kept up by their events, and what the processes at work take. */
export const useRunLogStore = defineStore('run-log', () => {
  const logs = shallowReactive(new Map<number, RunLog>())
  const processes = shallowReactive(new Map<number, ProcessFacts>())

  function append(runId: number, entry: RunLogEntry) {
    const log = logs.get(runId)
    if (log) logs.set(runId, { ...log, entries: [...log.entries, entry] })
  }
  return {
    logs,
    processes,
    append,
    took: (runId: number, facts: ProcessFacts) => void processes.set(runId, facts),
    ended: (runId: number) => void processes.delete(runId),
    load: async (runId: number) => void logs.set(runId, await api.runs.log({ runId })),
  }
})
