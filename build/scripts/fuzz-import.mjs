#!/usr/bin/env node
/**
 * Mutates small sources of every format and imports them, for as long as it is told to:
 *
 *   node build/scripts/fuzz-import.mjs [--minutes 60] [--seed N] [--case N]
 *
 * A failure names its seed and case, and `--seed N --case N` runs that case alone. Ends with 1 when there was one.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { continueUnderNode24 } from './node24.mjs'

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
const { emptyTally, fuzzCase } = await import('../../test/support/fuzz-import.ts')

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    case: { type: 'string' },
  },
})
const seed = Number(values.seed)
const minutes = Number(values.minutes)
if (!Number.isSafeInteger(seed) || seed < 0 || !(minutes > 0)) {
  process.stderr.write('--seed wants a whole number from 0, --minutes a number above 0.\n')
  process.exit(2)
}

const tally = emptyTally()
if (values.case !== undefined) {
  await fuzzCase(seed, Number(values.case), tally)
} else {
  const endsAt = Date.now() + minutes * 60_000
  let told = Date.now()
  for (let index = 0; Date.now() < endsAt && tally.failures.length < 20; index++) {
    await fuzzCase(seed, index, tally)
    if (Date.now() - told < 10_000) continue
    told = Date.now()
    process.stderr.write(`seed ${seed}: ${tally.cases} cases, ${tally.failures.length} failures\n`)
  }
}
for (const failure of tally.failures) process.stdout.write(`seed ${seed}, ${failure}\n`)
process.stdout.write(
  `seed ${seed}: ${tally.cases} cases, ${tally.read} read, ${tally.refused} refused, the longest ${Math.round(tally.longestMs)} ms, ${tally.failures.length} failures\n`,
)
process.exit(tally.failures.length > 0 ? 1 : 0)
