import { hintFor } from './hints.ts'
import { toErrorRecord } from '../../contract/errors.ts'

/**
 * Where a command writes. Everything for a person who watches goes to stderr; stdout carries the result alone: text, or
 * with `--json` exactly one JSON document, also when the command fails.
 */
export interface Output {
  readonly json: boolean
  /** Standard error is a terminal: progress bars make sense. */
  readonly interactive: boolean
  /** The result. Called once at most; `text` is only made when it is wanted. */
  result(document: Readonly<Record<string, unknown>>, text: () => string): void
  log(line: string): void
  /** The failure of the command; with `--json` also the document, unless a result went out before. */
  failure(error: unknown): void
}

export function createOutput(json: boolean): Output {
  let said = false
  const document = (value: unknown) => {
    said = true
    writeAll(process.stdout, `${JSON.stringify(value)}\n`)
  }
  return {
    json,
    interactive: process.stderr.isTTY === true,
    result(value, text) {
      if (said) throw new Error('A command has one result.')
      if (json) return document(value)
      said = true
      const lines = text()
      if (lines) writeAll(process.stdout, lines.endsWith('\n') ? lines : `${lines}\n`)
    },
    log: (line) => writeAll(process.stderr, `${line}\n`),
    failure(error) {
      const record = toErrorRecord(error)
      const hint = hintFor(record.code)
      writeAll(process.stderr, `palate: ${record.message}\n${hint === null ? '' : `${hint}\n`}`)
      if (json && !said) document({ error: record })
    },
  }
}

function writeAll(stream: NodeJS.WriteStream, text: string): void {
  stream.write(text)
}
