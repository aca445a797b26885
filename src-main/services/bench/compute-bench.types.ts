import type { Machine } from './this-machine.ts'
import type { Absent } from './field.ts'

export interface ComputeBenchOptions {
  readonly k: number
  readonly batch: number
  /** Thread counts for the backends that can use several. */
  readonly threads: readonly number[]
  /** How long to measure, or how many updates each contender makes. */
  readonly length: { readonly seconds: number } | { readonly steps: number }
  /** Also what is slow or needs a GPU. */
  readonly all: boolean
  /** Also the extra benchmarks. */
  readonly extras: boolean
  /** The script of a peer to take turns with. */
  readonly peer: string | undefined
  /** Is told how far it is, a line at a time. */
  readonly log: (line: string) => void
}

export interface ContenderRow {
  readonly executor: string
  readonly device: string
  readonly threads: number
  /** Median over the rounds of each round's median. */
  readonly msPerUpdate: number
  /** Of all updates. */
  readonly p10: number
  readonly p90: number
  readonly gflops: number
  /** Of a product of two 512 x 512 matrices through the same executor. */
  readonly matmulGflops: number
  /** gflops / matmulGflops, round by round. */
  readonly share: number
  /** How many times as fast as stock TensorFlow.js, round by round. */
  readonly ratioToStock: number
}

export interface PeerRow {
  readonly peer: string
  readonly threads: number
  readonly msPerUpdate: number
  /** Ours with as many threads, measured between the peer's runs. Ratio above 1: ours is faster. */
  readonly against: readonly { readonly executor: string; readonly msPerUpdate: number; readonly ratio: number }[]
}

export interface ExtraRow {
  readonly name: string
  readonly unit: string
  readonly executor: string
  readonly threads: number
  readonly value: number
}

export interface ComputeBenchReport {
  /** `memory` in bytes. */
  readonly machine: Machine
  readonly k: number
  readonly batch: number
  /** Floating-point operations of one update, its optimisers not counted. */
  readonly flops: number
  readonly rows: readonly ContenderRow[]
  /** What could not be measured here, and why. */
  readonly absent: readonly Absent[]
  readonly peer: readonly PeerRow[]
  readonly extras: readonly ExtraRow[]
}
