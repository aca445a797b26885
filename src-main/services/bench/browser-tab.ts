import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import type { Browser } from './find-browser.ts'

/** A page in a browser of its own, spoken to by the browser's DevTools protocol. */
export interface BrowserTab {
  /** Product and version. */
  readonly version: string
  open(url: string): Promise<void>
  /** Runs an expression in the page and waits for its promise. @throws PalateError INTERNAL with what the page said */
  run<T>(expression: string): Promise<T>
  /** Milliseconds of processor time that the page's main thread has taken for its tasks so far. */
  busyMs(): Promise<number>
  close(): Promise<void>
}

interface Answer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** As root, which containers are, Chromium has no sandbox. It opens nothing but the page of this machine. */
const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--no-first-run',
  '--remote-debugging-port=0',
  '--window-size=1440,900',
]
const START_MS = 30_000

/** @throws PalateError INTERNAL when the browser does not start */
export async function openTab(browser: Browser): Promise<BrowserTab> {
  const profile = await mkdtemp(join(tmpdir(), 'palate-browser-'))
  const child = spawn(browser.path, [...browser.args, ...ARGS, `--user-data-dir=${profile}`, 'about:blank'], {
    env: { ...browser.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const socket = await connect(await devToolsAddress(child))
    const { targetId } = await socket.call('Target.createTarget', { url: 'about:blank', width: 1440, height: 900 })
    const { sessionId } = await socket.call('Target.attachToTarget', { targetId, flatten: true })
    const { product } = await socket.call('Browser.getVersion', {})
    const call = (method: string, params: object) => socket.call(method, params, String(sessionId))
    return {
      version: String(product),
      open: async (url) => void (await call('Page.navigate', { url })),
      run: async <T>(expression: string): Promise<T> => {
        const answer = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
        if (answer['exceptionDetails'])
          throw failed(`The page failed: ${JSON.stringify(answer['exceptionDetails']).slice(0, 500)}`)
        return (answer['result'] as { value: T }).value
      },
      busyMs: async () => {
        await call('Performance.enable', { timeDomain: 'threadTicks' })
        const { metrics } = (await call('Performance.getMetrics', {})) as { metrics: { name: string; value: number }[] }
        return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
      },
      close: async () => {
        socket.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

function devToolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(
      () => reject(failed(`The browser did not start within ${START_MS / 1000} s: ${said.slice(-500)}`)),
      START_MS,
    )
    const settle = (act: () => void) => {
      clearTimeout(timer)
      act()
    }
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (address) settle(() => resolve(address))
    })
    child.once('error', (error) => settle(() => reject(failed(`The browser did not start: ${error.message}`))))
    child.once('exit', (code) => settle(() => reject(failed(`The browser ended with ${code}: ${said.slice(-500)}`))))
  })
}

async function connect(address: string) {
  const socket = new WebSocket(address)
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    const one = waiting.get(answer.id ?? -1)
    if (!one) return
    waiting.delete(answer.id!)
    if (answer.error) one.reject(failed(`The browser refused: ${answer.error.message}`))
    else one.resolve(answer.result ?? {})
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(failed('The browser went away.'))
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(failed('The browser does not answer.')), { once: true })
  })
  return {
    call: (method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> =>
      new Promise((resolve, reject) => {
        const id = ++last
        waiting.set(id, { resolve, reject })
        socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
      }),
    close: () => socket.close(),
  }
}

function failed(reason: string): PalateError<'INTERNAL'> {
  return new PalateError('INTERNAL', `${reason} Try another browser, named in CHROMIUM_PATH.`, { reason })
}
