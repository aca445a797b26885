import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEndings, endingNote, noteMs, type EndedRun } from '../../../../src-renderer/composables/run-endings.ts'

const run = (id: number, state: EndedRun['state'] = 'finished', changed: Partial<EndedRun> = {}): EndedRun => ({
  id,
  name: `run ${id}`,
  state,
  ndcg20: null,
  precision20: null,
  error: null,
  ...changed,
})
const full = { code: 'DISK_FULL', message: 'The disk is full.', details: {} } as unknown as EndedRun['error']

describe('what is said of runs that have ended', () => {
  test('one run is told by its name with its figures, and leads to its page', () => {
    expect(endingNote([run(3, 'finished', { ndcg20: 0.9034, precision20: 0.5 })])).toEqual({
      title: 'run 3: finished',
      description: 'Trained to the end and evaluated. NDCG@20 .9034, precision@20 .5000.',
      icon: 'i-lucide-circle-check',
      bad: false,
      link: { label: 'Open the run', to: '/runs/3' },
    })
  })

  test('one that failed says why', () => {
    expect(endingNote([run(3, 'failed', { error: full })])).toMatchObject({
      title: 'run 3: failed',
      description: 'The disk is full.',
      bad: true,
    })
  })

  test('several are counted by how they ended, with the reason of the first that went wrong', () => {
    const nine = [run(1), run(2, 'failed', { error: full }), ...[3, 4, 5, 6, 7, 8, 9].map((id) => run(id))]
    expect(endingNote(nine)).toEqual({
      title: '9 runs have ended: 8 finished, 1 failed',
      description: 'run 2: The disk is full.',
      icon: 'i-lucide-circle-x',
      bad: true,
      link: { label: 'Show the runs', to: '/runs' },
    })
    expect(endingNote([run(1), run(2, 'stopped')])).toMatchObject({
      title: '2 runs have ended: 1 finished, 1 stopped',
      description: '',
      bad: false,
    })
  })
})

describe('runs that end within a short time', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  function lab() {
    const told: number[][] = []
    return { told, ended: createEndings<EndedRun>((runs) => told.push(runs.map(({ id }) => id))) }
  }

  test('in one go are told of once', () => {
    const { told, ended } = lab()
    for (const id of [4, 2, 9]) ended(run(id))
    vi.advanceTimersByTime(noteMs)
    expect(told).toEqual([[4, 2, 9]])
  })

  test('join the note that still stands, and begin a new one after it', () => {
    const { told, ended } = lab()
    ended(run(1))
    vi.advanceTimersByTime(noteMs - 1)
    ended(run(2))
    vi.advanceTimersByTime(noteMs - 1)
    ended(run(3))
    vi.advanceTimersByTime(2 * noteMs)
    ended(run(4))
    vi.advanceTimersByTime(noteMs)
    expect(told).toEqual([[1], [1, 2], [1, 2, 3], [4]])
  })

  test('a run that was resumed and ends again counts once, as it ended last', () => {
    const told: string[] = []
    const ended = createEndings<EndedRun>((runs) => told.push(endingNote(runs).title))
    ended(run(1, 'stopped'))
    vi.advanceTimersByTime(1000)
    ended(run(1, 'finished'))
    vi.advanceTimersByTime(1000)
    expect(told).toEqual(['run 1: stopped', 'run 1: finished'])
  })
})
