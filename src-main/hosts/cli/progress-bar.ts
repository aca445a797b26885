import { formatDuration } from './duration.ts'

/** What one line of the bar tells. */
export interface ProgressLine {
  readonly label: string
  /** 0..1 */
  readonly share: number
  readonly detail: string
}

/**
 * Lines at the bottom of a terminal that are redrawn in place, one per thing at work. On anything but a terminal it draws
 * nothing: a log file is no place for carriage returns.
 */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream
  readonly #enabled: boolean
  #drawn = 0
  #lastAt = 0

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
    this.#enabled = stream.isTTY === true
  }

  /** Draws at most ten times a second. */
  draw(lines: readonly ProgressLine[], force = false): void {
    const now = Date.now()
    if (!this.#enabled || (!force && now - this.#lastAt < 100)) return
    this.#lastAt = now
    this.clear()
    const columns = Math.max(20, this.#stream.columns ?? 80)
    for (const line of lines) this.#stream.write(`${progressText(line, columns - 1)}\n`)
    this.#drawn = lines.length
  }

  /** Removes what was drawn, so that a log line can be written in its place. */
  clear(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001b[${this.#drawn}A\u001b[0J`)
    this.#drawn = 0
  }
}

/** One line of at most `width` characters. */
export function progressText({ label, share, detail }: ProgressLine, width: number): string {
  const clamped = Math.min(1, Math.max(0, share))
  const percent = `${Math.floor(clamped * 100)} %`.padStart(5)
  const barWidth = Math.min(30, width - label.length - percent.length - detail.length - 5)
  const filled = Math.round(clamped * Math.max(0, barWidth))
  const bar = barWidth >= 5 ? `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ` : ''
  return `${label} ${bar}${percent} ${detail}`.slice(0, width)
}

/** `1234 updates/s, 2 min 5 s left`, with what is known. */
export function speedText(updatesPerSecond: number | null, remainingMs: number | null): string {
  const speed = updatesPerSecond === null ? '' : `${updatesPerSecond.toFixed(updatesPerSecond < 10 ? 1 : 0)} updates/s`
  const left = remainingMs === null ? '' : `${formatDuration(remainingMs)} left`
  return [speed, left].filter(Boolean).join(', ')
}
