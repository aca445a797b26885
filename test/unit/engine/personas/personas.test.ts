import { describe, expect, it } from 'vitest'
import type { LiveSetup } from '../../../../src-main/contract/dto/live.ts'
import { livePersona, type LivePersona, type TasteRule } from '../../../../src-main/contract/dto/persona.ts'
import { parseSplit } from '../../../../src-main/contract/dto/split.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { selectRows, type InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { sideFeaturesOf } from '../../../../src-main/engine/data/side-features.ts'
import { makeSplit } from '../../../../src-main/engine/data/splits/make-split.ts'
import { castPersona, findPersona } from '../../../../src-main/engine/personas/_cast.ts'
import { personaGround } from '../../../../src-main/engine/personas/_ground.ts'
import { saidByRules } from '../../../../src-main/engine/personas/_taste.ts'
import { personas } from '../../../../src-main/engine/personas/catalogue.gen.ts'
import { createTrainingJob } from '../../../../src-main/engine/training/create-job.ts'
import { createLiveSession } from '../../../../src-main/engine/training/live/create-live-session.ts'
import { specOf } from '../../../support/job-lab.ts'
import { sampleLabTable } from '../../../support/sample-lab-table.ts'
import { tableOf } from '../../../support/worlds.ts'

const lab = sampleLabTable()
const seeds = Array.from({ length: 12 }, (_, seed) => seed)

function withGenres(table: InteractionTable, genres: readonly (readonly string[])[]): InteractionTable {
  return { ...table, features: sideFeaturesOf({ users: [], items: genres.map((some) => ({ year: null, genres: some })) }) }
}
function castOn(table: InteractionTable, id: string, seed = 1): LivePersona {
  const cast = castPersona(findPersona(id), personaGround(table), seed)
  if ('unavailable' in cast) throw new Error(cast.unavailable)
  return cast
}
const whyNot = (table: InteractionTable, id: string) => castPersona(findPersona(id), personaGround(table), 1)

/** Item 0 is known best and thought best, 1 thought poor, 2 known to one, 3 to nobody. */
const tiny = withGenres(
  tableOf([...([0, 1, 2] as const).map((user) => [user, 0, 5] as const), [0, 1, 1], [1, 1, 1], [0, 2, 4]], { items: 4 }),
  [['War'], ['War', 'Comedy'], ['Comedy'], ['Comedy']],
)

describe('what personas are made of', () => {
  it('popularity and esteem are shares of the items that have less of it; what nobody rated has no esteem', () => {
    const { popularity, esteem, ratings } = personaGround(tiny)
    expect([...ratings]).toEqual([3, 2, 1, 0])
    expect([...popularity]).toEqual([0.75, 0.5, 0.25, 0])
    // With five ratings of 3.5, the mean of all, beside its own: 4.06, 2.79, 3.58.
    expect([...esteem]).toEqual([2 / 3, 0, 1 / 3, NaN])
  })

  it('one high rating makes no masterpiece', () => {
    const table = tableOf([
      ...Array.from({ length: 20 }, (_, user) => [user, 0, user < 15 ? 5 : 4] as const),
      [0, 1, 5],
      ...Array.from({ length: 20 }, (_, user) => [user, 2, 1] as const),
    ])
    expect([...personaGround(table).esteem]).toEqual([2 / 3, 1 / 3, 0])
  })

  it('where all ratings are alike, no item is thought better of than another', () => {
    const clicks = tableOf([
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
    ])
    expect([...personaGround(clicks).esteem]).toEqual([NaN, NaN])
  })
})

describe('a taste of rules', () => {
  const rules: TasteRule[] = [
    { say: 'dislike', genres: ['War'], esteem: [0, 0.5] },
    { say: 'like', genres: ['War', 'Opera'], shown: { from: 0, to: 2 } },
    { say: 'skip', popularity: [0.2, 0.3] },
    { say: 'like', popularity: [0, 0.25] },
  ]
  it.each([
    ['the first rule of which everything holds decides', 1, 0, 'dislike'],
    ['one of several genres is enough', 0, 1, 'like'],
    ['a rule may end with the items that were shown; where none holds, the item is passed over', 0, 2, 'skip'],
    ['a stretch begins with its first end', 2, 0, 'skip'],
    ['and stops short of its second', 3, 0, 'like'],
  ] as const)('%s', (_, item, shown, said) => {
    expect(saidByRules(rules, personaGround(tiny), item, shown)).toEqual({ itemIndex: item, feedback: said })
  })

  it('what nobody rated is thought neither well nor ill of', () => {
    expect(saidByRules([{ say: 'like', esteem: [0, 1] }], personaGround(tiny), 3, 0).feedback).toBe('skip')
  })
})

describe.each(personas)('the persona $id', (persona) => {
  it('says who it is and what it shows in a sentence each, and is found under its name', () => {
    expect(persona.id).toMatch(/^[a-z]+$/)
    for (const text of [persona.about, persona.shows]) expect(text).toMatch(/^[A-Z].{20,120}\.$/)
    expect(findPersona(persona.id)).toBe(persona)
  })

  it('is the same for the same seed, others for others, and passes its own form', () => {
    for (const seed of seeds) {
      const cast = castOn(lab, persona.id, seed)
      expect(castOn(lab, persona.id, seed)).toEqual(cast)
      expect(livePersona.parse(cast)).toEqual(cast)
      expect(new Set(cast.favourites).size).toBe(5)
    }
    expect(new Set(seeds.map((seed) => String(castOn(lab, persona.id, seed).favourites))).size).toBeGreaterThan(6)
  })

  it('likes what it names as its favourites', () => {
    const ground = personaGround(lab)
    for (const seed of seeds) {
      const { favourites, taste } = castOn(lab, persona.id, seed)
      if (taste.by === 'rules')
        expect(favourites.map((item) => saidByRules(taste.rules, ground, item, 0).feedback)).toEqual(Array(5).fill('like'))
    }
  })

  it('knows nothing that training does not: no favourite is rated in the test alone', () => {
    const isHidden = (item: number) => item % 5 === 0
    const train = selectRows(
      lab,
      Int32Array.from({ length: lab.size }, (_, row) => row).filter((row) => !isHidden(lab.itemIndex[row]!)),
    )
    for (const seed of seeds) expect(castOn(train, persona.id, seed).favourites.filter(isHidden)).toEqual([])
  })
})

describe('a persona by hand', () => {
  const items = (count: number, genre: string) => Array.from({ length: count }, () => [genre])
  /** Ten items each of three genres; item i has i + 1 ratings, alternately 5 and 2 stars. */
  const thirty = withGenres(
    tableOf(
      Array.from({ length: 30 }, (_, item) =>
        Array.from({ length: item + 1 }, (_, user) => [user, item, item % 2 === 0 ? 5 : 2] as const),
      ).flat(),
    ),
    [...items(10, 'Drama'), ...items(10, 'Horror'), ...items(10, 'War')],
  )

  it('the fan loves one genre and dislikes another, and names five of the first', () => {
    const { favourites, taste, brief } = castOn(thirty, 'fan', 4)
    if (taste.by !== 'rules') throw new Error('the fan goes by rules')
    const [hated, loved] = taste.rules.map(({ genres }) => genres![0]!)
    const of = (item: number) => ['Drama', 'Horror', 'War'][Math.floor(item / 10)]
    expect(new Set(favourites.map(of))).toEqual(new Set([loved]))
    expect(loved).not.toBe(hated)
    expect(brief).toBe(
      `You love ${loved}. You dislike ${hated}, even where it is ${loved} too. All else leaves you cold: pass over it.`,
    )
  })

  it('popular, niche and contrary taste draw from the most rated tenth, the well rated tail, and the known that is thought poor', () => {
    // Popularity of item i is i / 30: the most rated tenth is 27 to 29, too few for five favourites.
    expect(whyNot(thirty, 'mainstream')).toEqual({
      unavailable: 'It needs 5 items in the most rated tenth; the training ratings hold 3.',
    })
    expect(castOn(thirty, 'niche').favourites.every((item) => item < 21 && item % 2 === 0)).toBe(true)
    expect(castOn(thirty, 'contrarian').favourites.every((item) => item >= 15 && item % 2 === 1)).toBe(true)
  })

  it('without genres, or without ratings that differ, those that need them are not to be had, and say why', () => {
    const bare = { ...lab, features: undefined }
    const without = personas.filter(({ id }) => 'unavailable' in whyNot(bare, id)).map(({ id }) => id)
    expect(without).toEqual(['fan', 'omnivore', 'turncoat'])
    expect(whyNot(bare, 'fan')).toEqual({ unavailable: 'The items of this data set have no genres.' })
    expect(whyNot(thirty, 'omnivore')).toEqual({
      unavailable: 'It needs 5 genres of 10 rated items or more that are not nearly everything; this data set has 3.',
    })
    const clicks = { ...bare, rating: bare.rating.map(() => 1) }
    expect(whyNot(clicks, 'contrarian')).toEqual({
      unavailable: 'It needs 5 well known items that others think poor; the training ratings hold 0.',
    })
  })

  it('a name that nobody has is refused with those there are', () => {
    expect(() => findPersona('nobody')).toThrow(
      'There is no persona "nobody". Choose among contrarian, drifter, fan, mainstream, niche, omnivore, restless, turncoat.',
    )
  })
})

describe('a persona in a live session', () => {
  const spec = specOf('popularity', {}, { protocols: ['rerank-oneshot'], ks: [5] })
  const job = createTrainingJob(spec, lab)
  while (job.progress.stage !== 'finished') job.advance()
  const bytes = job.modelSnapshot()
  const setup = (seed: number, slate = 1): LiveSetup => ({
    viewer: { kind: 'persona', persona: 'any', seed },
    userVector: 'fixed',
    learning: null,
    slate,
    seed: 1,
  })
  const open = (persona: LivePersona, seed = 1, slate = 1, table = lab) =>
    createLiveSession(spec, table, bytes, setup(seed, slate), plainExecutor, persona)
  const play = (opened: ReturnType<typeof open>, answers: number) =>
    Array.from({ length: answers }, () => {
      const answer = opened.simulate(null)
      opened.session.answer(answer)
      return answer.responses.map(({ feedback }) => feedback)
    })

  it('is a guest with its favourites to the model: they are never shown', () => {
    const persona = castOn(lab, 'fan')
    const { session } = open(persona)
    expect([...session.order].filter((item) => persona.favourites.includes(item))).toEqual([])
  })

  it('turns with the items that were shown, over answers and within a slate', () => {
    const rules: TasteRule[] = [
      { say: 'like', shown: { from: 0, to: 4 } },
      { say: 'dislike', shown: { from: 4 } },
    ]
    const opened = open({ ...castOn(lab, 'turncoat'), taste: { by: 'rules', rules } }, 1, 3)
    expect(play(opened, 3)).toEqual([
      ['like', 'like', 'like'],
      ['like', 'dislike', 'dislike'],
      ['dislike', 'dislike', 'dislike'],
    ])
    opened.session.undo()
    opened.session.undo()
    expect(play(opened, 1)).toEqual([['like', 'dislike', 'dislike']])
  })

  it('one that is simulated answers by its favourites and its seed, and not by test ratings', () => {
    const drifter = castOn(lab, 'drifter')
    const said = play(open(drifter, 1), 25)
    expect(play(open(drifter, 1), 25)).toEqual(said)
    expect(play(open({ ...drifter, favourites: castOn(lab, 'drifter', 2).favourites }, 1), 25)).not.toEqual(said)
    expect(play(open(drifter, 2), 25)).not.toEqual(said)
    expect(new Set(said.flat())).toEqual(new Set(['like', 'dislike', 'skip']))
    const train = new Set(makeSplit(lab, parseSplit(spec.split, spec.seed)).trainRows)
    const otherTest = { ...lab, rating: lab.rating.map((rating, row) => (train.has(row) ? rating : 6 - rating)) }
    const opened = createLiveSession(spec, otherTest, bytes, setup(1), plainExecutor, drifter)
    expect(play(opened, 25)).toEqual(said)
  })
})
