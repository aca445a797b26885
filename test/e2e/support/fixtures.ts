import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'
import { startFakeServer, type FakeServer } from '../../support/fake-engine/server.ts'
import { emptyWorld, type World } from '../../support/fake-engine/world.ts'

const root = path.resolve(import.meta.dirname, '../../..')

/** A real web host on a workspace of its own, as `npm start -- --web` starts it. */
export interface Lab {
  readonly workspace: string
  /** The link with its one-time token. */
  readonly link: string
  stop(): Promise<void>
}

/** @param prepare fills the workspace before the host opens it */
export async function startLab(prepare?: (workspace: string) => Promise<void>): Promise<Lab> {
  const workspace = await mkdtemp(path.join(tmpdir(), 'palate-e2e-'))
  await prepare?.(workspace)
  const host = spawn(process.execPath, [path.join(root, 'out/main/web.js'), '--workspace', workspace, '--port', '0'])
  const link = await firstLine(host)
  return {
    workspace,
    link,
    stop: async () => {
      const gone = new Promise((resolve) => host.once('exit', resolve))
      host.kill('SIGTERM')
      await gone
      await rm(workspace, { recursive: true, force: true })
    },
  }
}

function firstLine(host: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let problems = ''
    host.stderr?.on('data', (chunk: Buffer) => (problems += chunk.toString()))
    host.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const line = /^(http:\S+)\n/.exec(out)?.[1]
      if (line) resolve(line)
    })
    host.once('exit', (code) => reject(new Error(`The web host ended with ${code} before it printed its link: ${problems}`)))
  })
}

/** What the page has said since the last look; a test ends with nothing said. */
function listen(page: Page, said: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`))
}

interface Fixtures {
  /** Messages that this test causes on purpose. */
  allowed: RegExp[]
  quiet: undefined
  world: World
  /** The fake engine behind the real page: for states that a real one reaches seldom. */
  fake: FakeServer
}

export const test = base.extend<Fixtures>({
  allowed: [[], { option: true }],
  quiet: [
    async ({ page, allowed }, use) => {
      const said: string[] = []
      listen(page, said)
      await use(undefined)
      expect(said.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([])
    },
    { auto: true },
  ],
  // Playwright reads the fixtures that a fixture needs from the braces; this one needs none.
  // eslint-disable-next-line no-empty-pattern
  world: async ({}, use) => use(emptyWorld()),
  fake: async ({ world }, use) => {
    const server = await startFakeServer(world, path.join(root, 'out/renderer'))
    await use(server)
    await server.close()
  },
})
export { expect }

/** Nothing that axe objects to, in the theme that is on. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
  expect(found, `axe on ${where}`).toEqual([])
}
