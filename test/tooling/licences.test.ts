import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** Licences that let the packages be shipped inside a program under Apache-2.0. */
const ALLOWED = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
]

/** Packages with another licence, each with the reason why it may be used as it is. */
const EXCEPTIONS: Record<string, string> = {
  'axe-core': 'MPL-2.0; used by tests only and never shipped',
  '@axe-core/playwright': 'MPL-2.0; used by tests only and never shipped',
  'vaul-vue': 'its package states none; its repository unovue/vaul-vue holds the MIT licence',
}
/** MPL-2.0, one package per platform: compresses the style sheets when the program is built and is not shipped. */
const LIGHTNING_CSS = /^lightningcss(-|$)/

interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
}

/** Whether a licence expression can be met with allowed licences: all of an AND, one of an OR. */
function isAllowed(expression: string): boolean {
  const text = expression.trim().replace(/^\((.*)\)$/, '$1')
  if (/ OR /.test(text)) return text.split(' OR ').some(isAllowed)
  if (/ AND /.test(text)) return text.split(' AND ').every(isAllowed)
  return ALLOWED.includes(text)
}

/** The package's own word where the lockfile does not carry it. */
function licenceOf(location: string, locked: LockedPackage): string {
  if (locked.license) return locked.license
  try {
    const manifest = JSON.parse(readFileSync(path.join(root, location, 'package.json'), 'utf8')) as {
      license?: unknown
      licenses?: { type: string }[]
    }
    if (typeof manifest.license === 'string') return manifest.license
    return manifest.licenses?.map(({ type }) => type).join(' OR ') ?? 'none stated'
  } catch {
    return 'none stated'
  }
}

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0-only', false],
    ['none stated', false],
  ])('%s is allowed: %s', (expression, expected) => {
    expect(isAllowed(expression)).toBe(expected)
  })

  it('of all installed packages are on the list', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, LockedPackage>
    }
    const locked = Object.entries(lock.packages).filter(([location, entry]) => location !== '' && !entry.link)
    expect(locked.length).toBeGreaterThan(300)
    const others = locked
      .map(([location, entry]) => ({ name: location.replace(/^.*node_modules\//, ''), licence: licenceOf(location, entry) }))
      .filter(({ name, licence }) => !isAllowed(licence) && !Object.hasOwn(EXCEPTIONS, name) && !LIGHTNING_CSS.test(name))
    expect(others).toEqual([])
  })
})
