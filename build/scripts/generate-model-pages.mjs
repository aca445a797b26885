#!/usr/bin/env node
/**
 * Writes the pages of the models into `resources/models`: what each one is, where it comes from, how it differs from there,
 * its presets and parameters. All of it stands in the model's own file; nothing is told twice.
 *
 *   node build/scripts/generate-model-pages.mjs            write what has changed, remove what belongs to no model
 *   node build/scripts/generate-model-pages.mjs --check    write nothing; exit 1 when a page is not current
 *   … --to DIR                                             another folder (used by the tests)
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')

function main(args, pages) {
  const check = args.includes('--check')
  const toAt = args.indexOf('--to')
  const folder = toAt >= 0 ? path.resolve(args[toAt + 1]) : path.join(ROOT, 'resources/models')
  const current = (page) => {
    const target = path.join(folder, page.file)
    return existsSync(target) && readFileSync(target, 'utf8') === page.text
  }
  const stale = pages.filter((page) => !current(page))
  const left = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (name) => name.endsWith('.md') && !pages.some((page) => page.file === name),
  )
  const names = [...stale.map((page) => page.file), ...left]
  if (!check) {
    mkdirSync(folder, { recursive: true })
    for (const page of stale) writeFileSync(path.join(folder, page.file), page.text)
    for (const name of left) rmSync(path.join(folder, name))
  }
  if (names.length === 0) console.log('Model pages are current.')
  else if (check) console.error(`Not current: ${names.join(', ')}. Run: npm run generate`)
  else console.log(`Written or removed: ${names.join(', ')}`)
  return check && names.length > 0 ? 1 : 0
}

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
// The models are TypeScript, which Node runs as it is from version 24 on: not before this line.
const { engineCatalogue } = await import('../../src-main/services/models.ts')
const { modelPages } = await import('../../src-main/services/docs/model-pages.ts')
const { models, protocols } = engineCatalogue()
process.exitCode = main(process.argv.slice(2), modelPages(models, protocols))
