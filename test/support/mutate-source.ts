import type { Rng } from '../../src-main/engine/core/rng.ts'

/** Bytes with a part to play somewhere. */
const SPECIAL = [0, 9, 10, 13, 32, 34, 39, 44, 45, 46, 48, 58, 59, 92, 124, 0x7f, 0x80, 0xc3, 0xe9, 0xef, 0xff]
const CELLS = [
  '',
  ' ',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-0',
  '0',
  '99',
  '4,5',
  '007',
  '9007199254740992',
  '9007199254740993',
  '2018-01-31',
  '1511544070123',
  'NULL',
  '"',
  'a "b" c',
  '\\"',
  '=1+1',
  'é',
  '千',
  '__proto__',
  'constructor',
  'pv',
  '1.5',
  '[1, 2]',
  '{"a":1}',
  '\u0085',
  '\u2028',
]
const SEPARATORS = [',', ';', '\t', '|', '::', ' ', ':', '^']
const LINE_ENDS = ['\n', '\r\n', '\r', '\n\n', '']

type Mutation = (bytes: Buffer, rng: Rng) => Buffer

const below = (rng: Rng, bound: number) => Math.floor(rng.uniform() * bound)
const oneOf = <T>(rng: Rng, list: readonly T[]): T => list[below(rng, list.length)]!
const splice = (bytes: Buffer, start: number, removed: number, added: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, start), added, bytes.subarray(start + removed)])

const byteMutations: readonly Mutation[] = [
  (bytes, rng) => splice(bytes, below(rng, bytes.length + 1), 1, Uint8Array.of(below(rng, 256))),
  (bytes, rng) => splice(bytes, below(rng, bytes.length + 1), 0, Uint8Array.of(oneOf(rng, SPECIAL))),
  (bytes, rng) => splice(bytes, below(rng, bytes.length + 1), 1, Uint8Array.of(oneOf(rng, SPECIAL))),
  (bytes, rng) => splice(bytes, below(rng, bytes.length + 1), 1 + below(rng, 8), new Uint8Array(0)),
  (bytes, rng) => {
    const from = below(rng, bytes.length + 1)
    return splice(bytes, below(rng, bytes.length + 1), 0, bytes.subarray(from, from + 1 + below(rng, 16)))
  },
  (bytes, rng) => bytes.subarray(0, below(rng, bytes.length + 1)),
]

/** A mutation of the text's lines; latin-1 keeps every byte as it is. */
function onLines(change: (lines: string[], rng: Rng) => void): Mutation {
  return (bytes, rng) => {
    const lines = bytes.toString('latin1').split('\n')
    change(lines, rng)
    return Buffer.from(lines.join('\n'), 'latin1')
  }
}

const lineMutations: readonly Mutation[] = [
  onLines((lines, rng) => lines.splice(below(rng, lines.length), 1)),
  onLines((lines, rng) => lines.splice(below(rng, lines.length + 1), 0, oneOf(rng, lines))),
  onLines((lines, rng) => lines.splice(below(rng, lines.length + 1), 0, lines[0] ?? '')),
  onLines((lines, rng) => lines.splice(below(rng, lines.length + 1), 0, oneOf(rng, CELLS))),
  onLines((lines, rng) => lines.reverse().splice(below(rng, lines.length), 1)),
  onLines((lines, rng) => {
    const at = below(rng, lines.length)
    lines[at] = (lines[at] ?? '').slice(0, below(rng, (lines[at] ?? '').length + 1))
  }),
  (bytes, rng) => Buffer.from(bytes.toString('latin1').replaceAll(/\r?\n/g, oneOf(rng, LINE_ENDS)), 'latin1'),
  (bytes, rng) =>
    Buffer.from(
      bytes.toString('latin1').replaceAll('\n', () => oneOf(rng, LINE_ENDS)),
      'latin1',
    ),
]

/** A mutation of one cell of one line. */
function onCell(change: (cells: string[], at: number, rng: Rng) => void): Mutation {
  return onLines((lines, rng) => {
    const line = below(rng, lines.length)
    const separator = SEPARATORS.find((candidate) => (lines[line] ?? '').includes(candidate)) ?? ','
    const cells = (lines[line] ?? '').split(separator)
    change(cells, below(rng, cells.length), rng)
    lines[line] = cells.join(separator)
  })
}

const structuralMutations: readonly Mutation[] = [
  onCell((cells, at, rng) => (cells[at] = Buffer.from(oneOf(rng, CELLS), 'utf8').toString('latin1'))),
  onCell((cells, at, rng) => (cells[at] = `"${oneOf(rng, CELLS)}"`)),
  onCell((cells, at) => cells.splice(at, 1)),
  onCell((cells, at) => cells.splice(at, 0, cells[at] ?? '')),
  onCell((cells, at, rng) => (cells[at] = (cells[at] ?? '').repeat(1 + below(rng, 40)))),
  onLines((lines, rng) => {
    const from = SEPARATORS.find((candidate) => (lines[0] ?? '').includes(candidate)) ?? ','
    const to = oneOf(rng, SEPARATORS)
    lines.forEach((line, at) => (lines[at] = line.replaceAll(from, to)))
  }),
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  (bytes) => Buffer.from(`\ufeff${bytes.toString('latin1')}`, 'utf16le'),
  (bytes) => Buffer.from(`\ufeff${bytes.toString('latin1')}`, 'utf16le').swap16(),
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf8'),
  () => Buffer.alloc(0),
]

/** A source that was in order, with one to four things wrong with it. @returns other files, the given ones stay as they are */
export function mutateSource(files: Readonly<Record<string, string | Uint8Array>>, rng: Rng): Record<string, Buffer> {
  const mutated: Record<string, Buffer> = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string)]),
  )
  const count = 1 + below(rng, 4)
  for (let step = 0; step < count; step++) {
    const path = oneOf(rng, Object.keys(mutated))
    const kind = oneOf(rng, [byteMutations, lineMutations, structuralMutations])
    mutated[path] = oneOf(rng, kind)(mutated[path]!, rng)
  }
  if (rng.uniform() < 0.03 && Object.keys(mutated).length > 1) {
    const gone = oneOf(rng, Object.keys(mutated))
    return Object.fromEntries(Object.entries(mutated).filter(([path]) => path !== gone))
  }
  return mutated
}
