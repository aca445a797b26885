import { availableParallelism } from 'node:os'
import { maxThreads, type Settings } from '../../contract/dto/system.ts'
import type { TrainerLaunch } from '../runs/trainer-process.ts'
import type { ComputeRequest, OpenedCompute, StepSizes } from './compute-request.ts'
import { probeBackend } from './probe-backend.ts'
import { probeInTrainer, type ProbeFinding } from './probe-trainer.ts'

export interface ComputeServiceOptions {
  readonly launch: TrainerLaunch
  readonly settings: () => Promise<Settings>
  /** Ends probes at work when the services close. */
  readonly closing: AbortSignal
}

/** Speed of training steps of these sizes. */
export interface MeasuredSpeed extends StepSizes {
  readonly flopsPerSecond: number
  readonly device: string
}

/** The nearest by ratio: what is measured for one size holds for its neighbours, roughly. */
function nearest(size: number, sizes: readonly number[]): number {
  const distance = (other: number) => Math.abs(Math.log(other / size))
  return sizes.reduce((best, other) => (distance(other) < distance(best) ? other : best))
}

/** What the engine process knows of the backends; nothing is ever opened here, but in trainers. */
export class ComputeService {
  readonly #options: ComputeServiceOptions
  /** By what was asked for: what it was last seen to be. */
  readonly #seen = new Map<string, OpenedCompute>()
  /** By backend and sizes: what was measured in this session. */
  readonly #speeds = new Map<string, Promise<MeasuredSpeed | null>>()
  #cuda: Promise<ComputeRequest['cuda']> | undefined

  constructor(options: ComputeServiceOptions) {
    this.#options = options
  }

  /**
   * @param backend  a name or "auto"
   * @param threads  null: this run's share of the CPUs, as far as they are worth it
   * @param trainers how many compute at the same time, this one included
   */
  async request(backend: string, threads: number | null, trainers: number): Promise<ComputeRequest> {
    return {
      backend,
      threads: threads ?? shareOfThreads(availableParallelism(), trainers),
      measureThreads: threads === null,
      cuda: backend === 'auto' ? await (this.#cuda ??= probeCuda()) : { usable: false, reason: 'it was not asked for' },
    }
  }

  /** A trainer has opened what was asked for as `asked`. */
  note(asked: string, compute: OpenedCompute): void {
    this.#seen.set(asked, compute)
  }

  /** What the settings stand for, as far as that has been seen. */
  async present(): Promise<{ executor: string; device: string }> {
    const { backend } = await this.#options.settings()
    const { executor, device } = this.#seen.get(backend) ?? { executor: backend, device: '' }
    return { executor, device }
  }

  /** Finds out in the background what the settings stand for; nobody waits for it. */
  look(): void {
    this.#options
      .settings()
      .then(({ backend }) => this.probe(backend))
      .catch(() => undefined)
  }

  async allowsFallback(): Promise<boolean> {
    return (await this.#options.settings()).allowFallback
  }

  /** What a run that starts alone now, with the settings as they are, would compute with under this name. */
  async probe(backend: string): Promise<ProbeFinding> {
    const { threads } = await this.#options.settings()
    const finding = await this.#probe(await this.request(backend, threads === 'auto' ? null : threads, 1), false)
    if (finding.kind === 'usable') this.note(backend, finding.compute)
    return finding
  }

  /**
   * How fast a run that starts alone now, with the settings as they are, would make training steps of about these sizes; measured
   * once, then remembered. Null when it cannot be measured.
   */
  async speed(sizes: StepSizes): Promise<MeasuredSpeed | null> {
    const { backend, threads } = await this.#options.settings()
    const measured = { width: nearest(sizes.width, [16, 32, 64, 128, 256]), batch: nearest(sizes.batch, [16, 64, 256, 1024]) }
    const key = `${backend} ${threads} ${measured.width} ${measured.batch}`
    const known = this.#speeds.get(key)
    if (known) return known
    const measuring = this.#measure(await this.request(backend, threads === 'auto' ? null : threads, 1), measured)
    this.#speeds.set(key, measuring)
    // A backend that failed may work the next time.
    void measuring.then((speed) => speed ?? this.#speeds.delete(key))
    return measuring
  }

  async #measure(request: ComputeRequest, sizes: StepSizes): Promise<MeasuredSpeed | null> {
    const { launch, closing } = this.#options
    const finding = await probeInTrainer(launch, request, { selfTest: false, measure: sizes, signal: closing })
    if (finding.kind !== 'usable' || finding.flopsPerSecond === undefined) return null
    return { ...sizes, flopsPerSecond: finding.flopsPerSecond, device: finding.compute.device }
  }

  /** Whether a backend computes right, on as many threads as it may ever be given. */
  async selfTest(backend: string): Promise<ProbeFinding> {
    return this.#probe({ ...(await this.request(backend, null, 1)), measureThreads: false }, true)
  }

  #probe(request: ComputeRequest, selfTest: boolean): Promise<ProbeFinding> {
    const { launch, closing } = this.#options
    return probeInTrainer(launch, request, { selfTest, signal: closing })
  }
}

/** Once per process: a device does not come and go, and looking for it loads TensorFlow. */
async function probeCuda(): Promise<ComputeRequest['cuda']> {
  const found = await probeBackend('tfjs-node-gpu')
  if (found.state === 'works') return { usable: true, reason: '' }
  return { usable: false, reason: found.state === 'fails' ? found.reason : `${found.packageName} is not installed` }
}

/** So that all trainers together have a thread per CPU; at least one each. */
export function shareOfThreads(cpus: number, trainers: number): number {
  return Math.min(maxThreads, Math.max(1, Math.floor(cpus / trainers)))
}
