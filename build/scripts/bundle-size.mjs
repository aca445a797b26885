#!/usr/bin/env node
/**
 * The size of the built page, against what was recorded: a page that grows unseen is a page that starts slowly.
 *
 *   node build/scripts/bundle-size.mjs            fails when the page has grown by more than a tenth since it was recorded
 *   node build/scripts/bundle-size.mjs --record   records it as it is
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = path.resolve(fileURLToPath(import.meta.url), '../../..')
const record = path.join(root, 'build/bundle-size.json')
const tolerance = 0.1

/**
 * @param {string} folder of the built page
 * @returns {{ start: number, all: number }} bytes, gzipped: the scripts and styles that the first page waits for, and all there are
 */
export function bundleSize(folder) {
  const size = (file) => gzipSync(readFileSync(path.join(folder, file))).length
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8')
  const first = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file)
  if (first.length === 0) throw new Error(`${folder}/index.html names no script and no style.`)
  const all = readdirSync(path.join(folder, 'assets')).filter((file) => /\.(js|css)$/.test(file))
  const sum = (files) => files.reduce((total, file) => total + size(file), 0)
  return { start: sum(first), all: sum(all.map((file) => `assets/${file}`)) }
}

/** @returns {string[]} what has grown too much, in sentences; empty when nothing has */
export function grown(size, recorded) {
  const names = { start: 'What the first page waits for', all: 'The whole page' }
  return Object.keys(names).flatMap((part) => {
    if (size[part] <= recorded[part] * (1 + tolerance)) return []
    const share = size[part] / recorded[part] - 1
    const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`
    return [
      `${names[part]} has grown by ${Math.round(share * 100)} %: ${kilobytes(recorded[part])} gzipped were recorded, it is ${kilobytes(size[part])}. ` +
        'Load what is seldom needed when it is needed, or, if it is worth that, run: node build/scripts/bundle-size.mjs --record',
    ]
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const size = bundleSize(path.join(root, 'out/renderer'))
  if (process.argv.includes('--record')) writeFileSync(record, `${JSON.stringify(size, null, 2)}\n`)
  const problems = grown(size, JSON.parse(readFileSync(record, 'utf8')))
  console.log(
    problems.length > 0
      ? problems.join('\n')
      : `The first page waits for ${size.start} bytes, the whole page is ${size.all}, gzipped.`,
  )
  process.exitCode = problems.length > 0 ? 1 : 0
}
