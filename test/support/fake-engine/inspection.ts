import type { ImportSettings } from '../../../src-main/contract/dto/import-settings.ts'
import type { Inspection } from '../../../src-main/contract/dto/inspection.ts'

const kinds = ['pv', 'cart', 'buy'] as const
const usual: NonNullable<ImportSettings['behaviours']> = {
  pv: { feedback: 'neutral', rating: 2 },
  cart: { feedback: 'positive', rating: 4 },
  buy: { feedback: 'positive', rating: 5 },
}

/** A format whose columns are fixed. */
function fixed(path: string): Inspection {
  return {
    format: 'movielens-100k',
    title: 'MovieLens 100k',
    confidence: 0.97,
    suggestedName: 'ml-100k',
    source: path,
    alternatives: [{ format: 'delimited', title: 'Delimited text', confidence: 0.61 }],
    files: [{ path: 'u.data', bytes: 2_000_000 }],
    settings: {},
    overridable: ['duplicates', 'maxRejectRate', 'scale'],
    columns: [],
    rows: [{ line: 1, userId: '196', itemId: '242', title: 'Kolya (1996)', rating: 3, time: 881250949, feedback: 'neutral' }],
    sampleRows: 1,
    ratingHistogram: [{ from: 3, to: 3, count: 1 }],
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    timeKind: 'unix-seconds',
    behaviours: [],
    rejectedRows: [],
    warnings: [],
  }
}

/** A log of behaviours with everything that the wizard can show: columns, a mapping, bad rows, a warning. */
function log(path: string, settings: ImportSettings): Inspection {
  const behaviours = { ...usual, ...settings.behaviours }
  return {
    ...fixed(path),
    format: 'delimited',
    title: 'Delimited text',
    confidence: 0.9,
    suggestedName: 'events',
    alternatives: [{ format: 'movielens-100k', title: 'MovieLens 100k', confidence: 0.1 }],
    files: [
      { path: 'events.csv', bytes: 900_000 },
      { path: 'items.csv', bytes: 40_000 },
    ],
    settings: {
      file: 'events.csv',
      encoding: 'auto',
      separator: ',',
      quote: '"',
      quoteEscape: 'auto',
      header: true,
      decimalComma: false,
      timeUnit: 'seconds',
      columns: { user: 'user', item: 'item', behaviour: 'event', time: 'time' },
      duplicates: 'all',
      ...settings,
      behaviours,
    },
    overridable: [
      'duplicates',
      'maxRejectRate',
      'scale',
      'file',
      'encoding',
      'separator',
      'quote',
      'quoteEscape',
      'header',
      'columns',
      'decimalComma',
      'timeUnit',
      'missing',
      'behaviours',
    ],
    columns: (['user', 'item', 'event', 'time', 'note'] as const).map((name) => ({
      name,
      role: name === 'event' ? 'behaviour' : name === 'note' ? null : name,
      samples: ['a', 'b'],
    })),
    rows: Array.from({ length: 50 }, (_, at) => {
      const kind = kinds[at % 3]!
      const { rating, feedback } = behaviours[kind] ?? usual[kind]!
      const cells = [`u${at}`, `i${at % 7}`, kind, String(1_500_000_000 + at), '<b>note</b>']
      const line = at + 2
      return { line, userId: cells[0]!, itemId: cells[1]!, title: null, rating, time: 1_500_000_000 + at, feedback, cells }
    }),
    sampleRows: 1200,
    ratingHistogram: [2, 4, 5].map((value) => ({ from: value, to: value, count: 400 })),
    scale: settings.scale ?? { min: 2, max: 5, positiveFrom: 4, negativeTo: 1 },
    behaviours: kinds.map((name) => ({ name, count: 400 })),
    rejectedRows: [{ file: path, line: 60, byteOffset: 1811, reason: 'the user is empty', rawText: ',i4,pv,1500000060,' }],
    warnings: ['2.5 % of the sampled rows have another number of fields than the others.'],
  }
}

/** What the fake engine finds at a path: a log where its name says so, MovieLens everywhere else. */
export function fakeInspection(path: string, settings: ImportSettings = {}): Inspection {
  return path.includes('events') ? log(path, settings) : fixed(path)
}
