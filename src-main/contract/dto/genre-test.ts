import * as z from 'zod'

/**
 * What a policy makes of a viewer's taste for one genre.
 *
 * "dislikes": how the genre's share of the first 20 changes when so many of its items behind them are disliked, against passing the
 * same items over. "favourites": how the ranks of items of the genre that are never shown change for a newcomer with five favourites of it, who
 * likes what is of the genre, against the same with a frozen policy.
 */
export const genreQuestion = z.enum(['dislikes', 'favourites'])
export type GenreQuestion = z.infer<typeof genreQuestion>

const settings = z.object({
  question: genreQuestion,
  genres: z.array(z.string().min(1)).min(1).max(40),
  /** Who answers: users of the data set drawn by chance, or newcomers with five favourites of the genre. */
  viewers: z.enum(['users', 'guests']),
  /** Viewers of each genre. */
  count: z.int().min(2).max(500),
  answers: z.int().min(1).max(100),
  /** Items that a newcomer is shown at once, where the question is for favourites. */
  slate: z.int().min(1).max(20),
  /** What a newcomer says of other genres, where the question is for favourites. */
  others: z.enum(['dislike', 'skip']),
  /** Of those that learn on line; 0: nobody is asked to. */
  updatesPerAnswer: z.int().min(0).max(100),
  rateFactor: z.number().min(0.01).max(100),
  seed: z.int().min(0),
})
export type GenreTestWish = z.infer<typeof settings>

export const genreTestWish = z.object({
  ...settings.shape,
  viewers: settings.shape.viewers.default('users'),
  count: settings.shape.count.default(30),
  answers: settings.shape.answers.default(10),
  slate: settings.shape.slate.default(10),
  others: settings.shape.others.default('skip'),
  updatesPerAnswer: settings.shape.updatesPerAnswer.default(10),
  rateFactor: settings.shape.rateFactor.default(1),
  seed: settings.shape.seed.default(1),
})

/** As it is asked: what is left out has its default. */
export type GenreTestInput = z.input<typeof genreTestWish>

/** A mean over viewers with its 95 % bootstrap interval; null below two viewers. */
const estimate = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
export type GenreEstimate = z.infer<typeof estimate>

/** What may move: nothing beside the history, the viewer's vector, the networks' weights, or both. */
export const genreArm = z.enum(['frozen', 'follows', 'learns', 'follows and learns'])
export type GenreArm = z.infer<typeof genreArm>

export const genreTestRow = z.object({
  arm: genreArm,
  /** null: the mean over the genres. */
  genre: z.string().nullable(),
  viewers: z.int(),
  /** Shares of the first 20, or mean ranks among what is left in the end (from 1). Means over the viewers. */
  before: z.number(),
  after: z.number(),
  change: estimate,
  /** After minus the control's after, viewer by viewer; null for the control itself. */
  effect: estimate.nullable(),
  /** Share of the viewers with an effect below 0: for whom the disliked genre fell, or the liked one rose. null for the control itself. */
  below: z.number().nullable(),
})
export type GenreTestRow = z.infer<typeof genreTestRow>

export const genreTestReport = z.object({
  wish: settings,
  rows: z.array(genreTestRow),
  /** What a reader must know of the model, in words. */
  limits: z.array(z.string()),
})
export type GenreTestReport = z.infer<typeof genreTestReport>

/** The share of the work that is done, and in the end the report. */
export const genreTestStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), share: z.number() }),
  z.object({ kind: z.literal('report'), report: genreTestReport }),
])
export type GenreTestStep = z.infer<typeof genreTestStep>

/** Columns of a test as a file, the same from every door. */
export const genreTestColumns: readonly string[] = [
  'run',
  'model',
  'question',
  'arm',
  'genre',
  'viewers',
  'before',
  'after',
  ...['change', 'effect'].flatMap((name) => [name, `${name} low`, `${name} high`]),
  'share below 0',
]

/** A row for each row of the report. @param run its name; @param model its id */
export function genreTestRecords(run: string, model: string, { wish, rows }: GenreTestReport): (string | number | null)[][] {
  const cells = (one: GenreEstimate | null) => (one ? [one.value, one.low, one.high] : [null, null, null])
  return rows.map(({ arm, genre, viewers, before, after, change, effect, below }) => {
    const place = [run, model, wish.question, arm, genre ?? 'all', viewers, before, after]
    return [...place, ...cells(change), ...cells(effect), below]
  })
}
