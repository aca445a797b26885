import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MetricPoint } from '../../contract/dto/run.ts'
import { sha256Of } from '../../storage/sha256.ts'
import { rescueHeader, type RescueHeader, type TrainerCheckpoint } from './trainer-protocol.ts'

const magic = 'palate-rescue-1\n'

export interface Rescue {
  readonly checkpoint: TrainerCheckpoint
  /** Points that the trainer had sent or held without knowing them stored; some may be stored, with the same values. */
  readonly points: MetricPoint[]
}

/**
 * Writes what a trainer knows when nobody listens any more: magic, one JSON line, the engine state. Atomic (temporary
 * file, fsync, rename), because the machine may be going down just now. Synchronous: it is the last thing a process does.
 */
export function writeRescueFile(path: string, rescue: Rescue): void {
  const { bytes, ...facts } = rescue.checkpoint
  const header: RescueHeader = { ...facts, points: rescue.points, sha256: sha256Of(bytes) }
  const temporary = `${path}.${process.pid}.tmp`
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeAll(file, Buffer.from(`${magic}${JSON.stringify(header)}\n`))
    writeAll(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
}

/** @returns the rescue at `path`, or null when there is none or it is damaged (an older checkpoint serves then). */
export function readRescueFile(path: string): Rescue | null {
  let content: Buffer
  try {
    content = readFileSync(path)
  } catch {
    return null
  }
  const headerEnd = content.indexOf(0x0a, magic.length)
  if (headerEnd < 0 || content.subarray(0, magic.length).toString('latin1') !== magic) return null
  const header = rescueHeader.safeParse(parseJson(content.subarray(magic.length, headerEnd).toString('utf8')))
  const bytes = new Uint8Array(content.subarray(headerEnd + 1))
  if (!header.success || sha256Of(bytes) !== header.data.sha256) return null
  const { update, elapsedMs, points } = header.data
  return { checkpoint: { update, elapsedMs, bytes }, points }
}

export function removeRescueFile(path: string): void {
  rmSync(path, { force: true })
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(file, bytes, offset)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
