#!/usr/bin/env node
/**
 * The command `palate`. From a checkout it first makes sure that the program is built; stdout stays the command's own, so
 * that `--json` prints one document and nothing else.
 */
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './ensure-built.mjs'
import { continueUnderNode24 } from './node24.mjs'

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
try {
  await ensureBuilt()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
await import('../../out/main/cli.js')
