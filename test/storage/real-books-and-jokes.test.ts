import { describe, expect, it, onTestFinished } from 'vitest'
import { readDataset } from '../../src-main/engine/data/reading/read-dataset.ts'
import { detectFormat } from '../../src-main/services/datasets/detect-format.ts'
import { openSource } from '../../src-main/services/datasets/open-source.ts'
import { realData } from '../support/real-data.ts'

/** Detects and reads as an import does, without storing. */
async function readReal(path: string, settings = {}) {
  const source = await openSource(path)
  onTestFinished(() => source.close())
  const { reader, recognition } = await detectFormat(source, settings)
  const content = await readDataset(reader, source, { settings: recognition.settings, onBadRow: 'fail' })
  return { format: reader.id, content, ratings: content.rating.length, users: content.users.length, items: content.items.length }
}

const books = realData('book-crossing')
const raw = realData('book-crossing/raw-format')
const jokes = realData('jester')

describe('Book-Crossing', () => {
  it.skipIf(!books.present)(`${books.label}: 204,164 ratings, 48,299 users, 18,185 books`, async () => {
    const { content, ...found } = await readReal(books.path)
    expect(found).toEqual({ format: 'book-crossing', ratings: 204_164, users: 48_299, items: 18_185 })
    expect(content).toMatchObject({ counts: { rejected: 0, duplicates: 0 }, scale: { min: 1, max: 10 }, notes: [] })
    expect(content.items.find(({ itemId }) => itemId === '0449003787')).toMatchObject({
      title: '"O" Is for Outlaw',
      year: 2001,
      attributes: { author: 'SUE GRAFTON' },
    })
    expect(content.users.find(({ userId }) => userId === '19')?.attributes).toEqual({ location: 'weston', age: 14 })
    expect(content.items.filter(({ itemId }) => itemId.toUpperCase() === '039592720X')).toHaveLength(2)
  })

  it.skipIf(!raw.present)(`${raw.label}: 108,600 ratings of which 62,864 are implicit, none rejected`, async () => {
    const { content, ...found } = await readReal(raw.path)
    expect(found).toMatchObject({ format: 'book-crossing', ratings: 108_600 })
    expect(content.counts).toEqual({ read: 108_600, accepted: 108_600, rejected: 0, duplicates: 0 })
    expect(content.rating.filter((rating) => rating === 5.5)).toHaveLength(62_864)
    const explicit = await readReal(raw.path, { missing: ['0'] })
    expect(explicit.content).toMatchObject({ missing: 62_864, counts: { accepted: 45_736, rejected: 0 } })
  })
})

describe('Jester', () => {
  it.skipIf(!jokes.present)(`${jokes.label}: 1,810,455 ratings, 24,983 users, 100 jokes with their texts`, async () => {
    const { content, ...found } = await readReal(jokes.path)
    expect(found).toEqual({ format: 'jester', ratings: 1_810_455, users: 24_983, items: 100 })
    expect(content).toMatchObject({ missing: 687_845, counts: { rejected: 0, duplicates: 0 }, scale: { min: -10, max: 10 } })
    expect(content.items[12]).toMatchObject({
      itemId: '13',
      title: 'They asked the Japanese visitor if they have elections in his country. "Every Morning" he answers.',
    })
    expect(content.items.every(({ title }) => title !== null && !/[<>]|&\w+;/.test(title))).toBe(true)
  })
})
