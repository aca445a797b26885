import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { datasetExportFormat, type DatasetExportFormat } from '../../../../src-main/contract/dto/dataset-export.ts'
import { createDatasetHandlers } from '../../../../src-main/services/datasets.ts'
import { openWorkspace } from '../../../../src-main/services/workspace.ts'
import { makeZip } from '../../../support/make-zip.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const SOURCE = {
  'u.data': '1\t1\t5\t881250949\n1\t2\t2\t881250950\n2\t1\t4\t881250951\n3\t2\t3\t881250952\n',
  'u.item': '1|Toy Story (1995)|01-Jan-1995||x|0|0|1\n2|GoldenEye (1995)|01-Jan-1995||x|0|1|0\n3|Never seen||||1|0|0\n',
  'u.user': '1|24|M|technician|85711\n2||F||\n9|40|F|none|00501\n',
  'u.genre': 'unknown|0\nAction|1\nAdventure|2\n',
}

async function lab() {
  const folder = await tempFolder()
  const workspace = await openWorkspace(join(folder, 'workspace'))
  onTestFinished(() => workspace.close())
  const datasets = createDatasetHandlers(workspace)
  const write = async (name: string, files: Record<string, string>) => {
    await mkdir(join(folder, name))
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, name, file), content)
    return join(folder, name)
  }
  const run = async (path: string, name: string) => {
    for await (const event of datasets.import({ path, name, onBadRow: 'fail' }, {})) if (event.kind === 'finished') return event
    throw new Error('the import did not finish')
  }
  const exported = async (dataset: string, format: DatasetExportFormat) => {
    const files: Record<string, string> = {}
    for await (const { file, text } of datasets.export({ dataset, format }, {})) files[file] = (files[file] ?? '') + text
    return files
  }
  const contents = async (id: number) => ({
    users: await workspace.repositories.contents.users(id),
    items: await workspace.repositories.contents.items(id),
  })
  const scenarios = (id: number) => workspace.repositories.contents.scenarios(id)
  return { folder, datasets, write, run, exported, contents, scenarios }
}

describe('a stored data set', () => {
  it.each(datasetExportFormat.options)('that is exported as %s is the same when it is imported again', async (format) => {
    const { datasets, write, run, exported, contents } = await lab()
    const { dataset } = await run(await write('source', SOURCE), 'first')
    const scale = { min: 1, max: 5, positiveFrom: 3, negativeTo: 1.5 }
    await datasets.setScale({ dataset: 'first', scale }, {})
    const again = await run(await write('exported', await exported('first', format)), 'second')
    const { users, items, ratings, timeKind, fingerprint } = dataset
    expect(again.dataset).toMatchObject({ users, items, ratings, timeKind, fingerprint, scale })
    expect(again.dataset.format).toBe(format === 'csv' ? 'palate-csv' : 'recbole')
    expect(again.report).toMatchObject({ read: 4, accepted: 4, rejected: 0, duplicates: 0 })
    expect(await contents(again.dataset.id)).toEqual(await contents(dataset.id))
    expect((await contents(dataset.id)).users[1]).toEqual({ userId: '2', attributes: { gender: 'F', occupation: '', zip: '' } })
  })

  it('comes back from a zip, and keeps rows that stand twice', async () => {
    const { folder, write, run, exported } = await lab()
    const log = '1,10,500,pv,1511544070\n1,11,500,cart,1511544071\n1,10,500,pv,1511544072\n2,10,501,buy,1511544073\n'
    const { dataset } = await run(await write('log', { 'UserBehavior.csv': log }), 'log')
    expect(dataset.ratings).toBe(4)
    for (const format of datasetExportFormat.options) {
      const entries = Object.entries(await exported('log', format)).map(([name, content]) => ({ name: `log/${name}`, content }))
      const zip = join(folder, `${format}.zip`)
      await writeFile(zip, makeZip(entries))
      expect((await run(zip, format)).dataset.fingerprint).toBe(dataset.fingerprint)
    }
  })

  it.each(datasetExportFormat.options)('keeps what its catalogue says of items, and its scenarios, as %s', async (format) => {
    const { datasets, write, run, exported, contents, scenarios } = await lab()
    const books = {
      'BX-Book-Ratings.csv': '"User-ID";"ISBN";"Book-Rating"\r\n"7";"0155061224";"5"\r\n"8";"034545104X";"9"\r\n',
      'BX-Books.csv':
        '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher"\r\n"0155061224";"Rites";"J, C";"2001";"=Heinle"\r\n"034545104X";"Flesh";"M J Rose";"0";""\r\n',
    }
    const first = await run(await write('books', books), 'books')
    expect((await contents(first.dataset.id)).items.map(({ attributes }) => attributes)).toEqual([
      { author: 'J, C', publisher: '=Heinle' },
      { author: 'M J Rose' },
    ])
    const page = await datasets.items({ dataset: 'books', search: '', sort: 'ratings', offset: 0, limit: 5 }, {})
    expect(page.rows[0]!.attributes).toEqual({ author: 'J, C', publisher: '=Heinle' })
    const again = await run(await write('books-again', await exported('books', format)), 'books again')
    expect(await contents(again.dataset.id)).toEqual(await contents(first.dataset.id))

    const log =
      'user,item,behaviour,timestamp,tab\n1,10,click,1511544070,1\n1,11,like,1511544071,main page\n2,10,click,1511544072,\n1,10,click,1511544073,1\n'
    const logged = await run(await write('log', { 'log.csv': log }), 'log')
    expect(logged.report.scenarios).toEqual([
      { name: '1', count: 2 },
      { name: 'main page', count: 1 },
    ])
    const back = await run(await write('log-again', await exported('log', format)), 'log again')
    expect(back.report.scenarios).toEqual(logged.report.scenarios)
    expect(await scenarios(back.dataset.id)).toEqual({ names: ['1', 'main page'], codes: Uint16Array.of(1, 2, 0, 1) })
    expect(await scenarios(first.dataset.id)).toBeNull()
  })

  it('that is not there is called so before anything is written', async () => {
    const { datasets } = await lab()
    const parts = datasets.export({ dataset: 'nobody', format: 'csv' }, {})
    await expect(parts.next()).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND', details: { name: 'nobody' } })
  })
})
