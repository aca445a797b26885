import { describe, expect, it } from 'vitest'
import { readers } from '../../../../../src-main/engine/data/readers/catalogue.gen.ts'
import { LEAST_CONFIDENCE, type Reader } from '../../../../../src-main/engine/data/reading/reader.ts'
import { emptyTally, fuzzCase } from '../../../../support/fuzz-import.ts'
import { importSeeds } from '../../../../support/import-seeds.ts'
import { memoryTree } from '../../../../support/memory-tree.ts'

const CASES = 100_000
const SEED = 20260725

describe('sources with something wrong with them', () => {
  it('are mutated from sources in order, of every format, which its reader is surest of', async () => {
    expect([...new Set(importSeeds.map((seed) => seed.reader))].sort()).toEqual(readers.map(({ id }) => id).sort())
    for (const { reader, files } of importSeeds) {
      const sure: { id: string; confidence: number }[] = []
      for (const { id, recognise } of readers) {
        sure.push({ id, confidence: (await recognise(memoryTree(files), {})).confidence })
      }
      const best = sure.sort((a, b) => b.confidence - a.confidence)[0]!
      expect(best.id).toBe(reader)
      expect(best.confidence).toBeGreaterThanOrEqual(LEAST_CONFIDENCE)
    }
  })

  it(`never break a reader, a table or an id, and are read in time: ${CASES} cases`, { timeout: 240_000 }, async () => {
    const tally = emptyTally()
    const before = process.threadCpuUsage()
    for (let index = 0; index < CASES; index++) await fuzzCase(SEED, index, tally)
    const { user, system } = process.threadCpuUsage(before)
    expect(tally.failures).toEqual([])
    // Both kinds are many, or the mutations would be too tame or too wild to find anything.
    expect(tally.read).toBeGreaterThan(0.3 * CASES)
    expect(tally.refused).toBeGreaterThan(0.3 * CASES)
    // Processor time of this thread: a busy machine stretches only the wall clock.
    expect((user + system) / 1e6).toBeLessThan(60)
  })

  const readerOf = (id: string) => readers.find((reader) => reader.id === id)!
  const withFault = (fault: (reader: Reader) => Partial<Reader>) => (id: string) => {
    const reader: Reader = readerOf(id)
    return { ...reader, ...fault(reader) }
  }

  it.each<[string, (id: string) => Reader, RegExp]>([
    [
      'an error that is none of ours',
      withFault(() => ({ read: () => Promise.reject(new TypeError('oops')) })),
      /it threw TypeError: oops/,
    ],
    [
      'a rating that is no number',
      withFault((reader) => ({
        read: async (source, options, sink) => {
          const meaning = await reader.read(source, options, sink)
          sink.addRating(0, 0, NaN, 0)
          return meaning
        },
      })),
      /a number is not finite/,
    ],
    [
      'an id that is changed on its way',
      withFault((reader) => ({
        read: async (source, options, sink) => {
          sink.addRating(sink.userIds.indexOfText('nobody'), sink.itemIds.indexOfText('nothing'), 3, 0)
          return reader.read(source, options, sink)
        },
      })),
      /the id "nobody" does not stand in the source/,
    ],
    [
      'a row that is rejected at the wrong place',
      withFault((reader) => ({
        read: async (source, options, sink) => {
          const { display } = source.files[0]!
          sink.rejectCut({ file: display, line: 1, byteOffset: 1_000_000, reason: 'x', rawText: 'x' })
          return reader.read(source, options, sink)
        },
      })),
      /has no byte 1000000/,
    ],
  ])('would be told from: %s', async (_what, planted, failure) => {
    const tally = emptyTally()
    for (let index = 0; index < 60; index++) await fuzzCase(SEED, index, tally, planted)
    expect(tally.failures.join('\n')).toMatch(failure)
  })
})
