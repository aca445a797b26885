import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The oldest Node that runs the program: it needs type stripping, `import.meta.main` and the fixed WAL code of sqlite3 6. */
const MAJOR = 24

/** @returns {string | undefined} path of the Node binary that came with the packages, undefined where there is none */
function installedNode() {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

/**
 * Goes on under Node 24 when the running Node is older and the package `node` brings a newer one. Then it does not return:
 * the process becomes the shell around the other one and ends as that one ends.
 * @returns {Promise<void>} when the running Node will do
 */
export async function continueUnderNode24(scriptPath, args) {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return
  const binary = installedNode()
  if (!binary) {
    process.stderr.write(
      `Palate needs Node ${MAJOR} or newer; this is ${process.version}. Run "npm ci" in Palate's folder: it brings one.\n`,
    )
    process.exit(1)
  }
  const child = spawn(binary, [scriptPath, ...args], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both processes; a signal from elsewhere reaches this one alone and is handed on.
  const interactive = Boolean(process.stdin.isTTY)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !interactive) child.kill(signal)
    })
  }
  await new Promise(() => {
    child.on('error', (error) => {
      process.stderr.write(`${binary} does not start: ${error.message}\n`)
      process.exit(1)
    })
    child.on('close', (code, signal) => {
      if (!signal) process.exit(code ?? 1)
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
      process.kill(process.pid, signal)
    })
  })
}
