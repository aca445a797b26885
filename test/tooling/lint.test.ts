import path from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

/** The rules that a text would break if it were the content of an existing file (rules with types need a real path). */
async function broken(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

const ENGINE = 'src-main/engine/core/rng.ts'
const CONTRACT = 'src-main/contract/errors.ts'
const SERVICES = 'src-main/services/handlers.ts'
const RENDERER = 'src-renderer/app/main.ts'
const VUE = 'src-renderer/app/App.vue'

const FORBIDDEN: [what: string, rule: string, file: string, text: string][] = [
  ['chance', 'no-restricted-properties', ENGINE, 'export const x = Math.random()'],
  ['the clock', 'no-restricted-properties', ENGINE, 'export const x = Date.now()'],
  ['today', 'no-restricted-syntax', ENGINE, 'export const x = new Date()'],
  ['the console', 'no-restricted-globals', ENGINE, `console.log('x')`],
  ['the process', 'no-restricted-globals', ENGINE, 'export const x = process.pid'],
  ['performance', 'no-restricted-globals', ENGINE, 'export const x = performance.now()'],
  ['files in the engine', 'no-restricted-imports', ENGINE, `import fs from 'node:fs'\nexport { fs }`],
  [
    'the engine in the contract',
    'no-restricted-imports',
    CONTRACT,
    `import { Rng } from '../engine/core/rng.ts'\nexport { Rng }`,
  ],
  [
    'the engine in the renderer',
    'no-restricted-imports',
    RENDERER,
    `import { Rng } from '../../src-main/engine/core/rng.ts'\nexport { Rng }`,
  ],
  ['any', '@typescript-eslint/no-explicit-any', SERVICES, 'export const x = (y: any) => String(y)'],
  ['any that came from elsewhere', '@typescript-eslint/no-unsafe-assignment', SERVICES, `export const x = JSON.parse('1')`],
  ['a forgotten await', '@typescript-eslint/no-floating-promises', SERVICES, 'Promise.resolve(1)'],
  ['a thrown text', '@typescript-eslint/only-throw-error', SERVICES, `export const x = () => { throw 'no' }`],
  ['a silenced type error', '@typescript-eslint/ban-ts-comment', SERVICES, '// @ts-ignore\nexport const x = 1'],
  ['code from text', 'no-eval', SERVICES, `eval('1')`],
  ['a function from text', 'no-new-func', SERVICES, `export const x = new Function('return 1')`],
  [
    'addresses outside',
    'no-restricted-syntax',
    SERVICES,
    `import { shell } from 'electron'\nexport const x = () => shell.openExternal('https://x.test')`,
  ],
  ['markup from text', 'no-restricted-syntax', RENDERER, `export const x = (e: Element) => { e.innerHTML = 'x' }`],
  [
    'v-html',
    'vue/no-v-html',
    VUE,
    `<script setup lang="ts">\nconst x = 'x'\n</script>\n<template>\n  <p v-html="x" />\n</template>\n`,
  ],
]

describe('lint forbids', () => {
  it.each(FORBIDDEN)('%s (%s) in %s', async (_what, rule, file, text) => {
    expect(await broken(file, text)).toContain(rule)
  })
})

describe('lint lets pass', () => {
  it('repeatable code in the engine', async () => {
    expect(await broken(ENGINE, 'export const half = (x: number): number => Math.floor(x / 2)\n')).toEqual([])
  })

  it('openExternal in its one file', async () => {
    const text = `import { shell } from 'electron'\nexport const open = (): Promise<void> => shell.openExternal('https://x.test')\n`
    expect(await broken('src-main/hosts/electron/modules/open-external.ts', text)).toEqual([])
  })
})
