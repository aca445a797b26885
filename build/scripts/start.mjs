#!/usr/bin/env node
/**
 * `npm start`: opens Palate in Electron where Electron's binary is here or can be fetched and a window can be shown, else as
 * a page in the browser; says which of the two it did and why.
 *
 *   npm start -- [--web] [--port P] [--workspace DIR]
 *
 * `--web` takes the browser in any case. Ctrl-C ends everything that was started.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { electronBinary, electronObstacle, fetchElectron, hasDisplay } from './electron-binary.mjs'
import { ensureBuilt } from './ensure-built.mjs'
import { continueUnderNode24 } from './node24.mjs'

const ROOT = path.resolve(fileURLToPath(import.meta.url), '../../..')
const USAGE = 'Usage: npm start -- [--web] [--port P] [--workspace DIR]'
const FETCH_TIMEOUT_MS = 20_000
/** An Electron that fails sooner than this never showed a window: its libraries or its sandbox are missing. */
const EARLY_FAILURE_MS = 5000

const children = new Set()

/** Starts a program that ends when this one is told to end. @returns the child; `child.ended` gives its exit status */
function startChild(command, args, stdio) {
  const child = spawn(command, args, { cwd: process.cwd(), stdio })
  children.add(child)
  child.ended = new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${command} does not start: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code) => {
      children.delete(child)
      resolve(code ?? 1)
    })
  })
  return child
}

/** A terminal sends Ctrl-C to the children too; from elsewhere it reaches this process alone and is handed on. */
function handOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      for (const child of children) child.kill(signal)
    })
  }
}

/** @returns {Promise<string | undefined>} why Electron is not taken, undefined when its binary is ready */
async function reasonAgainstElectron(web) {
  if (web) return 'asked for with --web'
  const obstacle = electronObstacle()
  if (obstacle) return obstacle
  if (electronBinary()) return undefined
  console.log("Fetching Electron's binary (once) …")
  return (await fetchElectron(FETCH_TIMEOUT_MS)) ? undefined : "Electron's binary is not here and could not be fetched"
}

/** @returns {Promise<number | undefined>} Electron's exit status; undefined when it failed before it showed a window */
async function runElectron(passedOn) {
  console.log('Palate opens in Electron.')
  const started = Date.now()
  const code = await startChild(electronBinary(), [ROOT, ...passedOn], 'inherit').ended
  return code !== 0 && Date.now() - started < EARLY_FAILURE_MS ? undefined : code
}

/** Serves the page until it is ended; the host prints its link itself. @returns {Promise<number>} the exit status */
async function runWebHost(reason, passedOn) {
  console.log(`Palate runs as a page in the browser (${reason}). Ctrl-C ends it.`)
  const open = hasDisplay() ? ['--open'] : []
  return startChild(process.execPath, [path.join(ROOT, 'out/main/web.js'), ...passedOn, ...open], 'inherit').ended
}

function parse() {
  try {
    const options = {
      web: { type: 'boolean' },
      port: { type: 'string' },
      workspace: { type: 'string' },
      help: { type: 'boolean' },
    }
    const { values } = parseArgs({ options, allowPositionals: false })
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
      throw new Error(`--port needs a number; "${values.port}" is none.`)
    return values
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`)
    process.exit(2)
  }
}

await continueUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2))
const { web = false, port, workspace, help = false } = parse()
if (help) {
  console.log(USAGE)
  process.exit(0)
}
handOnSignals()
try {
  await ensureBuilt()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
const workspaceArgs = workspace === undefined ? [] : ['--workspace', path.resolve(workspace)]
const webArgs = port === undefined ? workspaceArgs : [...workspaceArgs, '--port', port]
const reason = await reasonAgainstElectron(web)
let code = reason === undefined ? await runElectron(workspaceArgs) : await runWebHost(reason, webArgs)
code ??= await runWebHost("Electron's binary is here but did not start: see its message above", webArgs)
process.exit(code)
