import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { LiveSession } from '../../src-main/contract/dto/live.ts'
import type { PersonaOffer } from '../../src-main/contract/dto/persona.ts'
import { openStorage } from '../../src-main/storage/open.ts'
import { cli } from '../support/cli.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('two policies duel without a window; the record is exported, replayed, and a change in it found; a persona watches', async () => {
  const folder = await tempFolder()
  const workspace = join(folder, 'lab')
  const palate = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(workspace, ...args)
    return { code, stderr, said: stdout.startsWith('{') ? (JSON.parse(stdout) as Record<string, unknown>) : {} }
  }
  await palate('sample-lab')
  for (const model of ['popularity', 'random'])
    await palate('train', '--dataset', 'Sample lab', '--model', model, '--name', model)
  const duel = ['live', 'duel', '--runs', 'popularity,random', '--user', '3', '--json']
  const { code, said } = await palate(...duel, '--steps', '4', '--blind', '--csv', join(folder, 'duel.csv'))
  expect(code).toBe(0)
  expect(said).toMatchObject({
    duel: { steps: 4, state: 'over', policies: [{ runName: 'popularity' }, { runName: 'random' }] },
    standing: { p: expect.any(Number) as number },
  })
  // Four steps of one interleaved slate of five.
  expect((await readFile(join(folder, 'duel.csv'), 'utf8')).trimEnd().split('\r\n')).toHaveLength(1 + 4 * 5)
  expect(await palate('live', 'replay', '1', '--duel', '--json')).toMatchObject({ code: 0, said: { steps: 4, identical: true } })

  const file = join(folder, 'session.json')
  expect((await palate('live', 'export', '2', '--format', 'json', '--out', file)).code).toBe(0)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ session: { id: 2, answers: 4, duelId: 1 }, drift: null })
  const storage = await openStorage(workspace)
  await storage.write.run('UPDATE live_responses SET rank = rank + 1 WHERE session_id = 2 AND answer = 3')
  await storage.close()
  expect(await palate('live', 'replay', '2', '--json')).toMatchObject({
    code: 1,
    said: { session: 2, answers: 4, identical: false, firstDifference: 3 },
  })

  const personas = (await palate('live', '--personas', '--run', 'popularity', '--json')).said['personas'] as PersonaOffer[]
  const fan = personas.find(({ id }) => id === 'fan')!
  const session = ['live', '--run', 'popularity', '--autopilot', '--steps', '3', '--json']
  const played = (await palate(...session, '--persona', 'fan')).said['session'] as LiveSession
  expect(played).toMatchObject({ answers: 3, persona: { title: fan.title, brief: fan.cast!.brief } })
  expect(await palate(...session, '--persona', 'fan:x')).toMatchObject({
    code: 2,
    stderr: 'palate: --persona wants a whole number from 0 to 1000000, not "x".\n',
  })
  const wrong = await palate('live', 'duel', '--runs', 'popularity', '--guest')
  expect(wrong).toMatchObject({ code: 2, stderr: 'palate: --runs wants two runs separated by a comma, not 1.\n' })
})
