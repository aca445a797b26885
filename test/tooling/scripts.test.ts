import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const project = mkdtempSync(path.join(tmpdir(), 'palate-scripts-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

const script = (name: string) => path.join(project, 'build/scripts', name)
const put = (file: string, text: string) => {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
  writeFileSync(path.join(project, file), text)
}

const BUNDLER = ['electron-vite', 'vite', 'rolldown', 'typescript']
const COMPILER = ['assemblyscript', 'binaryen', 'long']

/** Packages of the real project, but a cache, and so a lock, of its own. */
function linkPackages(): void {
  mkdirSync(path.join(project, 'node_modules'), { recursive: true })
  for (const name of [...BUNDLER, ...COMPILER, 'node', 'electron']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name))
  }
}

const CLI = `import { greeting } from './greeting.ts'
process.stdout.write(JSON.stringify({ greeting, args: process.argv.slice(2), node: process.versions.node }))
if (process.argv.includes('--fail')) process.exitCode = 3
`
const WEB = `process.stdout.write('http://127.0.0.1:1/?token=x ' + JSON.stringify(process.argv.slice(2)) + '\\n')
setInterval(() => {}, 1000)
process.on('SIGTERM', () => { process.stdout.write('the host says goodbye\\n'); process.exit(0) })
`
const CONFIG = `import { defineConfig } from 'electron-vite'
const input = { cli: 'src-main/cli.ts', web: 'src-main/web.ts' }
const output = { format: 'es', entryFileNames: '[name].js' }
export default defineConfig({ main: { build: { outDir: (process.env.PALATE_BUILD_OUT ?? 'out') + '/main', target: 'node24', rolldownOptions: { input, output } } } })
`

/** A small project with the real scripts. */
beforeEach(() => {
  rmSync(project, { recursive: true, force: true })
  mkdirSync(project)
  linkPackages()
  cpSync(path.join(root, 'build/scripts'), path.join(project, 'build/scripts'), { recursive: true })
  put('package.json', '{ "name": "small", "type": "module", "version": "1.0.0", "devDependencies": { "electron": "45.4.1" } }')
  put('electron.vite.config.ts', CONFIG)
  put('src-main/cli.ts', CLI)
  put('src-main/greeting.ts', `export const greeting = 'hello'\n`)
  put('src-main/web.ts', WEB)
  put('src-main/engine/compute/kernels/assembly/index.ts', 'export function one(): i32 { return 1 }\n')
})

function run(name: string, args: string[] = [], options: { node?: string; env?: NodeJS.ProcessEnv } = {}) {
  const done = spawnSync(options.node ?? process.execPath, [script(name), ...args], {
    encoding: 'utf8',
    cwd: project,
    env: options.env ?? process.env,
  })
  return { status: done.status, stdout: done.stdout, stderr: done.stderr }
}

function runInBackground(name: string, args: string[] = [], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [script(name), ...args], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, said, ended }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(condition()).toBe(true)
}

describe('ensure-built', () => {
  it('builds once, then again after a file was changed, added or deleted', () => {
    put('src-main/unused.ts', 'export {}\n')
    expect(run('ensure-built.mjs').stderr).toMatch(/^Building Palate …\nBuilt in \d/)
    expect(run('ensure-built.mjs').stderr).toBe('The build is current.\n')
    put('src-main/greeting.ts', `export const greeting = 'good day'\n`)
    expect(run('ensure-built.mjs').stderr).toContain('Built in')
    put('src-main/another.ts', 'export {}\n')
    expect(run('ensure-built.mjs').stderr).toContain('Built in')
    rmSync(path.join(project, 'src-main/unused.ts'))
    expect(run('ensure-built.mjs').stderr).toContain('Built in')
    expect(run('ensure-built.mjs').stderr).toBe('The build is current.\n')
  })

  it('builds once when called four times at once, and all four wait for it', async () => {
    const calls = Array.from({ length: 4 }, () => runInBackground('palate.mjs'))
    expect(await Promise.all(calls.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
    expect(calls.filter(({ said }) => said.stderr.includes('Building Palate'))).toHaveLength(1)
    for (const { said } of calls) expect(JSON.parse(said.stdout)).toMatchObject({ greeting: 'hello' })
    expect(readdirSync(path.join(project, 'out')).sort()).toEqual(['.built', 'kernels', 'main'])
  })

  it('takes over the lock of a process that is gone', () => {
    const dead = spawnSync(process.execPath, ['--version']).pid
    put('node_modules/.cache/palate-build.lock', String(dead))
    expect(run('ensure-built.mjs')).toMatchObject({ status: 0 })
    expect(existsSync(path.join(project, 'node_modules/.cache/palate-build.lock'))).toBe(false)
  })

  it('keeps the last bundle when the sources do not build, says why, and tries again next time', () => {
    run('ensure-built.mjs')
    const before = readFileSync(path.join(project, 'out/main/cli.js'), 'utf8')
    put('src-main/greeting.ts', 'export const greeting = \n')
    for (let i = 0; i < 2; i++) {
      const { status, stderr } = run('ensure-built.mjs')
      expect(status).toBe(1)
      expect(stderr).toContain('The build failed:')
      expect(stderr).toContain('greeting.ts')
    }
    expect(readFileSync(path.join(project, 'out/main/cli.js'), 'utf8')).toBe(before)
  })
})

describe('palate', () => {
  it("leaves stdout to the command, also when it has to build first, and ends with the command's exit code", () => {
    const first = run('palate.mjs', ['datasets', '--json'])
    expect(JSON.parse(first.stdout)).toMatchObject({ greeting: 'hello', args: ['datasets', '--json'] })
    expect(first.stderr).toContain('Building Palate')
    expect(run('palate.mjs', ['--fail'])).toMatchObject({ status: 3, stderr: '' })
  })

  it('goes on under Node 24 when an older Node started it', ({ skip }) => {
    const older = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => {
      const version = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout
      return version && Number(/^v(\d+)/.exec(version)?.[1]) < 24
    })
    if (!older) return skip('this machine has no Node older than 24')
    run('ensure-built.mjs')
    const { status, stdout } = run('palate.mjs', ['--fail'], { node: older })
    expect(status).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ node: expect.stringMatching(/^24\./) as string })
  })
})

describe('npm start', () => {
  const withoutDisplay = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' }

  it('runs the browser host where it is asked to, passes port and workspace on, and ends it with itself', async () => {
    const { child, said, ended } = runInBackground(
      'start.mjs',
      ['--web', '--port', '4000', '--workspace', 'here'],
      withoutDisplay,
    )
    await until(() => said.stdout.includes('token='))
    expect(said.stdout).toContain('Palate runs as a page in the browser (asked for with --web). Ctrl-C ends it.')
    const args = JSON.stringify(['--workspace', path.join(project, 'here'), '--port', '4000'])
    expect(said.stdout).toContain(`http://127.0.0.1:1/?token=x ${args}`)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(said.stdout).toContain('the host says goodbye')
  })

  it.runIf(process.platform === 'linux')('runs the browser host where there is no display, and says so', async () => {
    const { child, said, ended } = runInBackground('start.mjs', [], withoutDisplay)
    await until(() => said.stdout.includes('token='))
    expect(said.stdout).toContain('Palate runs as a page in the browser (there is no display here). Ctrl-C ends it.')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port needs a number; "x" is none.'],
  ])('refuses %j with exit code 2 and shows how it is called', (args, message) => {
    const { status, stderr } = run('start.mjs', args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).toContain('Usage: npm start -- [--web] [--port P] [--workspace DIR]')
  })
})
