import { expect, it } from 'vitest'
import type { DuelSetup } from '../../src-main/contract/dto/duel.ts'
import type { StoredDuelStep } from '../../src-main/storage/repositories/duels.ts'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'

const setup: DuelSetup = {
  viewer: { kind: 'guest', favourites: [] },
  userVector: 'fixed',
  learning: null,
  slate: 2,
  seed: 1,
  mode: 'parallel',
  decides: 'preference',
  blind: true,
  planned: 10,
}
const step = (number: number): StoredDuelStep => ({
  step: number,
  at: 1000 + number,
  leftPolicy: 'second',
  preference: 'left',
  winner: 'second',
  shown: [{ itemIndex: 2, by: 'second', feedback: 'rating', rating: 4.5, credit: 1 }],
})

async function lab() {
  const storage = await storageLab()
  const { datasets, runs, liveSessions, duels } = storage.repositories
  const datasetId = await datasets.store(tinyDataset())
  const [first, second] = await runs.insert([newRun(datasetId), newRun(datasetId, { seed: 2 })])
  const session = (runId: number) =>
    liveSessions.insert({ runId, name: 's', setup, persona: null, executor: 'plain', at: 1, branchOf: null })
  const [firstSession, secondSession] = [await session(first!), await session(second!)]
  const duelId = await duels.insert({ name: 'Friday', setup, firstSession, secondSession, at: 5 })
  return { ...storage, ...storage.repositories, duelId, firstSession, secondSession, second: second! }
}

it('a duel comes back as it was stored, with its steps, and can be cut', async () => {
  const { duels, duelId, firstSession, secondSession } = await lab()
  for (const number of [1, 2, 3]) await duels.append(duelId, step(number))
  expect(await duels.steps(duelId)).toEqual([step(1), step(2), step(3)])
  await duels.cut(duelId, 1, 2000)
  await duels.update(duelId, { over: true, lookedAfter: 1 }, 2001)
  expect(await duels.get(duelId)).toEqual({
    id: duelId,
    name: 'Friday',
    setup,
    firstSession,
    secondSession,
    over: true,
    lookedAfter: 1,
    createdAt: 5,
    changedAt: 2001,
    steps: 1,
    firstAnswers: 0,
    secondAnswers: 0,
  })
  expect(await duels.ofSession(secondSession)).toMatchObject({ id: duelId })
  await expect(duels.append(duelId, step(1))).rejects.toThrow('UNIQUE constraint failed')
})

it('a removed duel is hidden with its sessions until it is brought back, and purged with them', async () => {
  const { duels, liveSessions, duelId, secondSession } = await lab()
  expect(await duels.hide(duelId, 9)).toBe(true)
  expect(await duels.hide(duelId, 9)).toBe(false)
  expect(await duels.list()).toEqual([])
  expect(await liveSessions.list()).toEqual([])
  expect(await duels.restore(duelId)).toBe(true)
  expect(await liveSessions.get(secondSession)).toMatchObject({ duelId })
  await duels.hide(duelId, 9)
  expect(await liveSessions.purge()).toBe(2)
  expect(await duels.restore(duelId)).toBe(false)
})

it('a duel goes with either of its runs', async () => {
  const { duels, runs, read, duelId, second } = await lab()
  await duels.append(duelId, step(1))
  await runs.remove(second)
  expect(await duels.get(duelId)).toBeNull()
  expect(await read.all('SELECT * FROM duel_steps')).toEqual([])
})
