import { describe, expect, it } from 'vitest'
import { readingSettings, type ReadingOptions } from '../../../../src-main/hosts/cli/reading-options.ts'

describe('readingSettings', () => {
  it('says nothing of what was not said', () => {
    expect(readingSettings({})).toEqual({})
  })

  it('understands every flag', () => {
    expect(
      readingSettings({
        file: 'a/b.csv',
        encoding: 'latin-1',
        separator: 'tab',
        quote: 'none',
        quoteEscape: 'both',
        header: 'yes',
        columns: 'user=1,item=isbn,rating=Book-Rating',
        decimalComma: 'no',
        timeUnit: 'milliseconds',
        missing: '99,NULL,',
        behaviours: 'pv=neutral:1,buy=positive:5.5',
        scale: '-10..10',
        thresholds: '-2..2.5',
        duplicates: 'mean',
        maxRejectRate: '0.05',
      }),
    ).toEqual({
      file: 'a/b.csv',
      encoding: 'latin-1',
      separator: '\t',
      quote: '',
      quoteEscape: 'both',
      header: true,
      columns: { user: '1', item: 'isbn', rating: 'Book-Rating' },
      decimalComma: false,
      timeUnit: 'milliseconds',
      missing: ['99', 'NULL', ''],
      behaviours: { pv: { feedback: 'neutral', rating: 1 }, buy: { feedback: 'positive', rating: 5.5 } },
      scale: { min: -10, max: 10, negativeTo: -2, positiveFrom: 2.5 },
      duplicates: 'mean',
      maxRejectRate: 0.05,
    })
    expect(readingSettings({ separator: '::' })).toEqual({ separator: '::' })
    expect(readingSettings({ scale: '1..5' })).toEqual({ scale: { min: 1, max: 5, negativeTo: 2, positiveFrom: 4 } })
  })

  it.each<[ReadingOptions, string]>([
    [{ encoding: 'ebcdic' }, '--encoding wants one of auto, utf-8, utf-16le, utf-16be, windows-1252, latin-1, not "ebcdic".'],
    [{ quote: '""' }, '--quote wants one character or none, not """".'],
    [{ header: 'maybe' }, '--header wants one of yes, no, not "maybe".'],
    [{ columns: 'who=1' }, '--columns wants one of user, item, rating, time, behaviour, scenario, not "who".'],
    [{ columns: 'user' }, '--columns wants name=value, for instance --columns gamma=0.9, not "user".'],
    [{ behaviours: 'pv=great:1' }, '--behaviours wants one of positive, neutral, negative, not "great".'],
    [{ behaviours: 'pv=neutral' }, '--behaviours wants a number, not "".'],
    [{ scale: '5' }, '--scale wants two numbers with two dots between them, not "5".'],
    [{ thresholds: '2..4' }, '--thresholds wants --scale beside it, for instance --scale 1..5 --thresholds 2..4.'],
    [{ maxRejectRate: '50' }, '--max-reject-rate wants a share from 0 to 1, not "50".'],
    [{ duplicates: 'some' }, '--duplicates wants one of last, first, mean, all, not "some".'],
  ])('refuses %j', (options, message) => {
    expect(() => readingSettings(options)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message }) as Error)
  })
})
