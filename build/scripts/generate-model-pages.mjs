#!/usr/bin/env node
/**
 * Writes the pages of the models into `resources/models`: what each one is, where it comes from, how it differs from there,
 * its presets and parameters. All of it stands in the model's own file; nothing is told twice. The same for the personas, into
 * `resources/personas`.
 *
 *   node build/scripts/generate-model-pages.mjs            write what has changed, remove what belongs to no model
 *   node build/scripts/generate-model-pages.mjs --check    write nothing; exit 1 when a page is not current
 *   … --to DIR                                             other folders, DIR and DIR/personas (used by the tests)
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')

/** Writes what has changed into a folder, unless it only checks. @returns the files of which that is so */
function bring(folder, pages, check) {
  const current = (page) => {
    const target = path.join(folder, page.file)
    return existsSync(target) && readFileSync(target, 'utf8') === page.text
  }
  const stale = pages.filter((page) => !current(page))
  const left = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (name) => name.endsWith('.md') && !pages.some((page) => page.file === name),
  )
  if (!check) {
    mkdirSync(folder, { recursive: true })
    for (const page of stale) writeFileSync(path.join(folder, page.file), page.text)
    for (const name of left) rmSync(path.join(folder, name))
  }
  return [...stale.map((page) => page.file), ...left]
}

function main(args, modelFiles, personaFiles) {
  const check = args.includes('--check')
  const toAt = args.indexOf('--to')
  const resources = path.join(ROOT, 'resources')
  const [models, personas] =
    toAt >= 0
      ? [path.resolve(args[toAt + 1]), path.resolve(args[toAt + 1], 'personas')]
      : [path.join(resources, 'models'), path.join(resources, 'personas')]
  const names = [...bring(models, modelFiles, check), ...bring(personas, personaFiles, check).map((file) => `personas/${file}`)]
  if (names.length === 0) console.log('Pages are current.')
  else if (check) console.error(`Not current: ${names.join(', ')}. Run: npm run generate`)
  else console.log(`Written or removed: ${names.join(', ')}`)
  return check && names.length > 0 ? 1 : 0
}

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
// The models are TypeScript, which Node runs as it is from version 24 on: not before this line.
const { engineCatalogue } = await import('../../src-main/services/models.ts')
const { modelPages } = await import('../../src-main/services/docs/model-pages.ts')
const { personaPages } = await import('../../src-main/services/docs/persona-pages.ts')
const { personas } = await import('../../src-main/engine/personas/catalogue.gen.ts')
const { models, protocols } = engineCatalogue()
process.exitCode = main(process.argv.slice(2), modelPages(models, protocols), personaPages(personas))
