/**
 * Preloaded (`--import`) into the process that runs the built main bundle: `electron` becomes the double, and the bundle
 * can be altered on its way in, which is how the tests prove that they notice.
 */
import { registerHooks } from 'node:module'

/** @type {{ main?: [from: string, to: string][] }} */
const alter = JSON.parse(process.env.PALATE_DOUBLE_ALTER ?? '{}')
const double = new URL('./electron.ts', import.meta.url).href

const pending = new Set(alter.main ?? [])
// An alteration that alters nothing would prove nothing.
process.on('exit', () => {
  for (const [from] of pending) process.stderr.write(`The main bundle does not hold: ${from}\n`)
  if (pending.size > 0) process.exitCode = 3
})

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (!alter.main || !/\/out\/main\/[^/]*\.js$/.test(url)) return loaded
    let source = String(loaded.source)
    for (const change of alter.main) {
      if (source.includes(change[0])) pending.delete(change)
      source = source.replaceAll(change[0], change[1])
    }
    return { ...loaded, source }
  },
})
