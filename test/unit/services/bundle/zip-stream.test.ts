import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { zipStream } from '../../../../src-main/services/bundle/zip-stream.ts'
import { openZip } from '../../../../src-main/services/datasets/zip-source.ts'
import { collect } from '../../../support/collect.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

it('an archive is read again as it was written, also what packs so well that it looks like a bomb', async () => {
  const random = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919 * 31) >>> 3)
  const files = [
    { name: 'empty', content: new Uint8Array(0) },
    { name: 'düne/ä.json', content: Buffer.from('[1, 2, 3]'.repeat(100)) },
    { name: 'random', content: random },
    { name: 'zeros', content: new Uint8Array(4 * 1024 * 1024) },
  ]
  async function* given() {
    for (const file of files) yield await Promise.resolve(file)
  }
  const path = join(await tempFolder(), 'x.zip')
  await writeFile(path, Buffer.concat(await collect(zipStream(given()))))
  const zip = await openZip(path)
  const read = await Promise.all(
    zip.files.map(async (file) => ({ name: file.path, content: Buffer.concat(await collect(file.open())) })),
  )
  await zip.close()
  expect(read.map(({ name }) => name)).toEqual(files.map(({ name }) => name))
  for (const [at, { content }] of files.entries()) expect(Buffer.compare(read[at]!.content, content)).toBe(0)
})
