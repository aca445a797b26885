import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundleSize, grown } from '../../build/scripts/bundle-size.mjs'
import { tempFolder } from '../support/temp-folder.ts'

it('the size of the page is that of its scripts and styles, gzipped, and of those that the first page waits for', async () => {
  const folder = await tempFolder()
  await mkdir(path.join(folder, 'assets'))
  const files = {
    'index.js': 'first()'.repeat(40),
    'index.css': 'a{color:red}',
    'later.js': 'later()'.repeat(90),
    'font.woff2': 'f',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, 'assets', name), text)
  const page = '<script type="module" src="./assets/index.js"></script><link rel="stylesheet" href="./assets/index.css">'
  await writeFile(path.join(folder, 'index.html'), page)
  const zipped = (name: keyof typeof files) => gzipSync(files[name]).length
  const start = zipped('index.js') + zipped('index.css')
  expect(bundleSize(folder)).toEqual({ start, all: start + zipped('later.js') })
})

it('a page that has grown by more than a tenth is refused, with what to do', () => {
  expect(grown({ start: 110_000, all: 1_050_000 }, { start: 100_000, all: 1_000_000 })).toEqual([])
  expect(grown({ start: 111_000, all: 900_000 }, { start: 100_000, all: 1_000_000 })).toEqual([
    'What the first page waits for has grown by 11 %: 100 kB gzipped were recorded, it is 111 kB. Load what is seldom needed when it is needed, or, if it is worth that, run: node build/scripts/bundle-size.mjs --record',
  ])
})
