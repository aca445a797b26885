import { expect, it, onTestFinished } from 'vitest'
import { toTrainer } from '../../../src-main/services/trainer/trainer-protocol.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { tinyDataset } from '../../support/storage-lab.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const told = ({ values, start, ids }: { values: readonly string[]; start: Int32Array; ids: Int32Array }) =>
  Array.from({ length: start.length - 1 }, (_, e) => [...ids.subarray(start[e], start[e + 1])].map((id) => values[id]))

it('what a source says of users and items comes out of storage with the ratings, and gets to the trainer', async () => {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const users = [
    { userId: '7', attributes: { gender: 'F' } },
    { userId: '007', attributes: { gender: 'M' } },
  ]
  const id = await workspace.repositories.datasets.store(tinyDataset({ users }))
  const table = await workspace.loadInteractions(id)
  expect(table.features!.users.map((field) => [field.name, told(field)])).toEqual([['gender', [['F'], ['M']]]])
  expect(table.features!.items.map((field) => [field.name, told(field)])).toEqual([['genres', [['Drama', 'Family'], [], []]]])

  const message = {
    kind: 'evaluate',
    compute: { backend: 'plain', threads: 1, measureThreads: false, cuda: { usable: false, reason: 'not asked' } },
    spec: { modelId: 'fm', params: {}, split: 'random:0.8', seed: 1, protocols: [], ks: [] },
    table,
    model: new Uint8Array(),
  }
  const parsed = toTrainer.safeParse(message)
  expect(parsed.error?.issues ?? []).toEqual([])
  expect(parsed.data?.kind === 'evaluate' && parsed.data.table.features).toEqual(table.features)

  const broken = { ...table, features: { users: [{ ...table.features!.users[0]!, ids: new Int32Array(5) }], items: [] } }
  expect(toTrainer.safeParse({ ...message, table: broken }).error?.message).toMatch(/A field has as many ids as its starts say/)
})

it('a data set without attributes has no side features at all', async () => {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const bare = tinyDataset({
    users: ['1', '2'].map((userId) => ({ userId, attributes: null })),
    items: ['a', 'b', 'c'].map((itemId) => ({ itemId, title: null, year: null, genres: [] })),
  })
  const id = await workspace.repositories.datasets.store(bare)
  expect((await workspace.loadInteractions(id)).features).toEqual({ users: [], items: [] })
})
