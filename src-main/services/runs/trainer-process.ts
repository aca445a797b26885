import { fork, type ChildProcess } from 'node:child_process'
import { fromTrainer, type FromTrainer, type ToTrainer } from '../trainer/trainer-protocol.ts'

export interface TrainerLaunch {
  /** The script of the trainer's entry. */
  readonly entry: string
  /** A plain Node binary: native compute does not run inside Electron's own. */
  readonly nodeBinary: string
}

export interface TrainerExit {
  /** For people: "exit code 134", "signal SIGKILL". */
  readonly how: string
  /** The end of what it wrote to standard error, at most 4 KiB. */
  readonly lastWords: string
}

/** A trainer that has not left this long after its goodbye is killed: threaded WebAssembly can hang on exit. */
const goodbyeLimitMs = 5000
const lastWordsLength = 4096

/** The engine process's end of one trainer process. */
export class TrainerProcess {
  readonly #child: ChildProcess
  readonly #inbox: FromTrainer[] = []
  #wake: (() => void) | null = null
  #gone = false
  #lastWords = ''
  /** Resolves when the process has ended, however it did. */
  readonly exit: Promise<TrainerExit>

  constructor(launch: TrainerLaunch) {
    // Its parent's number: should we die while it starts, it must not take its new parent for us.
    this.#child = fork(launch.entry, [String(process.pid)], {
      execPath: launch.nodeBinary,
      execArgv: [],
      serialization: 'advanced',
      // Its stdout is ours to swallow: the command line promises one JSON document there.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: trainerEnvironment(),
      windowsHide: true,
    } as Parameters<typeof fork>[2])
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength)
    })
    this.#child.on('message', (raw) => this.#receive(raw))
    this.exit = new Promise((resolve) => {
      const end = (how: string) => {
        this.#gone = true
        this.#wake?.()
        resolve({ how, lastWords: this.#lastWords.trim() })
      }
      this.#child.on('error', (error) => end(`could not be started: ${error.message}`))
      // `close`, not `exit`: by then everything it wrote has arrived.
      this.#child.on('close', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`))
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** A trainer that is gone hears nothing; its end shows in `messages` and `exit`. */
  send(message: ToTrainer): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  /** What it says, in order, one at a time; ends when the process is gone. */
  async *messages(): AsyncGenerator<FromTrainer, void, void> {
    for (;;) {
      const message = this.#inbox.shift()
      if (message) yield message
      else if (this.#gone) return
      else {
        await new Promise<void>((resolve) => (this.#wake = resolve))
        this.#wake = null
      }
    }
  }

  /** Lets it go, and kills it when it has not left after `goodbyeLimitMs`. */
  async goodbye(): Promise<void> {
    this.send({ kind: 'goodbye' })
    const timer = setTimeout(() => this.kill(), goodbyeLimitMs)
    await this.exit
    clearTimeout(timer)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #receive(raw: unknown): void {
    const parsed = fromTrainer.safeParse(raw)
    if (parsed.success) this.#inbox.push(parsed.data)
    else {
      const reason = `a message of the trainer does not fit the protocol: ${parsed.error.message.slice(0, 500)}`
      this.#inbox.push({
        kind: 'failed',
        error: {
          code: 'INTERNAL',
          message: `Something inside Palate failed: ${reason}. This is a fault of the program, not of your data; please report it with the log.`,
          details: { reason },
        },
      })
      this.kill()
    }
    this.#wake?.()
  }
}

/** Only what a Node process needs: whatever secrets the environment holds are none of a trainer's business. */
function trainerEnvironment(): NodeJS.ProcessEnv {
  const wanted =
    /^(PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|LANG|LC_.*|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_.*|CUDA_.*|NODE_COMPILE_CACHE|NVIDIA_.*|TF_.*|PALATE_TRAINER_.*)$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)))
}
