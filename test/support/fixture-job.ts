import { createHash } from 'node:crypto'
import { PalateError } from '../../src-main/contract/errors.ts'
import { bool, int } from '../../src-main/contract/params.ts'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import type {
  EmbeddingArtifact,
  EnginePoint,
  JobOutcome,
  JobProgress,
  JobSpec,
  TrainingJob,
} from '../../src-main/engine/training/job.types.ts'
import type { EngineCatalogue } from '../../src-main/services/models.ts'
import { backendLost } from '../../src-main/services/compute/loaded-backend.ts'
import { backendUnavailable } from '../../src-main/services/compute/loaded-backend.ts'
import type { TrainerBackend } from '../../src-main/services/trainer/trainer-loop.ts'

/** A model for tests of queue and processes: its "training" is a chain of hashes, so that one lost or repeated update shows. */
const counter: ModelDescriptor = {
  id: 'counter',
  version: 1,
  title: 'Counter',
  summary: 'Counts.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'none',
  needs: ['ratings'],
  source: { paper: 'none', title: 'A fixture of the tests' },
  deviations: [],
  params: {
    updates: int({ default: 100, min: 0, max: 1_000_000, doc: 'How far it counts.' }),
    stepMs: int({ default: 1, min: 0, max: 60_000, doc: 'How long an update lasts.' }),
    crashAt: int({ default: -1, min: -1, max: 1_000_000, doc: 'The process aborts before this update.' }),
    divergeAt: int({ default: -1, min: -1, max: 1_000_000, doc: 'The loss is NaN at this update.' }),
    loseAt: int({ default: -1, min: -1, max: 1_000_000, doc: 'Every backend but "kernels" breaks before this update.' }),
    faultAt: int({
      default: -1,
      min: -1,
      max: 1_000_000,
      doc: 'Every backend but "kernels" ends the process before this update.',
    }),
    wantsEmbedding: bool({ default: false, doc: 'Trains an embedding unless it is given one.' }),
  },
  presets: [
    { id: 'default', title: 'Default', doc: 'As it comes.', values: {} },
    { id: 'long', title: 'Long', doc: 'Counts further.', values: { updates: 5000 } },
  ],
  defaultPreset: 'default',
  curves: [],
}

export const fixtureCatalogue: EngineCatalogue = {
  models: [counter],
  protocols: [
    { id: 'rerank-sequential', title: 'Sequential', doc: 'Step by step.', sequential: true },
    { id: 'rerank-oneshot', title: 'One shot', doc: 'At once.', sequential: false },
  ],
  metrics: [
    {
      id: 'precision',
      title: 'Precision',
      doc: 'Share of hits.',
      formula: 'hits / k',
      perUser: true,
      better: 'higher',
      atK: true,
    },
  ],
}

class CounterJob implements TrainingJob {
  readonly #spec: JobSpec
  readonly #table: InteractionTable
  readonly splitHash: string
  #done = 0
  #chain: string
  #stage: JobProgress['stage'] = 'training'
  #stopped = false
  #points: EnginePoint[] = []
  readonly #embeddings: EmbeddingArtifact[] = []

  readonly #executor: string

  constructor(
    spec: JobSpec,
    table: InteractionTable,
    checkpoint: Uint8Array | undefined,
    embedding: Uint8Array | undefined,
    executor: string,
  ) {
    this.#executor = executor
    this.#spec = spec
    this.#table = table
    this.splitHash = hash(`${spec.split}/${table.size}`)
    this.#chain = hash(`${spec.seed}/${table.size}`)
    if (checkpoint) {
      const saved = JSON.parse(new TextDecoder().decode(checkpoint)) as { done: number; chain: string }
      this.#done = saved.done
      this.#chain = saved.chain
    }
    if (this.#number('updates') <= this.#done) this.#stage = 'evaluating'
    if (spec.params['wantsEmbedding'] === true) this.#makeEmbedding(embedding)
  }

  get progress(): JobProgress {
    const total = this.#number('updates')
    return { stage: this.#stage, updatesDone: this.#done, updatesTotal: total, stageShare: total === 0 ? 1 : this.#done / total }
  }

  advance(): void {
    if (this.#stage === 'evaluating' || this.#stopped) {
      this.#stage = 'finished'
      return
    }
    if (this.#done === this.#number('crashAt')) process.abort()
    if (this.#done === this.#number('faultAt') && this.#executor !== 'kernels') process.kill(process.pid, 'SIGSEGV')
    if (this.#done === this.#number('loseAt') && this.#executor !== 'kernels') {
      throw backendLost(this.#executor, new Error('the device was lost'))
    }
    const end = performance.now() + this.#number('stepMs')
    while (performance.now() < end);
    this.#done++
    this.#chain = hash(this.#chain)
    if (this.#done === this.#number('divergeAt')) {
      throw new PalateError('RUN_DIVERGED', `The run diverged: loss is NaN at update ${this.#done}.`, {
        run: '',
        update: this.#done,
        quantity: 'loss',
      })
    }
    this.#points.push({ name: 'loss', update: this.#done, value: this.#value() })
    if (this.#done % 10 === 0) this.#points.push({ name: 'validationNdcg', update: this.#done, value: this.#value() })
    if (this.#done >= this.#number('updates')) this.#stage = 'evaluating'
  }

  stopEarly(): void {
    this.#stopped = true
    if (this.#stage === 'training') this.#stage = 'evaluating'
  }

  takePoints(): EnginePoint[] {
    return this.#points.splice(0)
  }

  takeEmbeddings(): EmbeddingArtifact[] {
    return this.#embeddings.splice(0)
  }

  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify({ done: this.#done, chain: this.#chain }))
  }

  modelSnapshot(): Uint8Array {
    return new TextEncoder().encode(this.#chain)
  }

  outcome(): JobOutcome {
    return outcomeOf(this.#spec, this.#chain, this.#table)
  }

  #number(name: string): number {
    return Number(this.#spec.params[name])
  }

  #value(): number {
    return Number.parseInt(this.#chain.slice(0, 8), 16) / 2 ** 32
  }

  #makeEmbedding(known: Uint8Array | undefined): void {
    this.#points.push({ name: 'embeddingReused', update: 0, value: known ? 1 : 0 })
    if (known) return
    this.#embeddings.push({
      key: embeddingKey,
      kind: 'fixture',
      params: {},
      size: 2,
      validationRmse: 1,
      lossCurve: [2, 1],
      bytes: new Uint8Array([1, 2, 3]),
    })
  }
}

const embeddingKey = 'fixture-embedding'

/** Figures that depend on every update before: rows of one model and one floor, two recommendations for user 0. */
function outcomeOf(spec: JobSpec, chain: string, table: InteractionTable): JobOutcome {
  const value = Number.parseInt(chain.slice(0, 8), 16) / 2 ** 32
  const rows = spec.protocols.flatMap((protocol) =>
    spec.ks.flatMap((k) =>
      (['all', 'full-length'] as const).flatMap((subset) =>
        [spec.modelId, 'floor'].map((model) => ({
          model,
          seed: spec.seed,
          split: spec.split,
          protocol,
          subset,
          k,
          metric: 'precision',
          value: model === 'floor' ? 0.5 : value,
          users: table.userCount,
          low: null,
          high: null,
        })),
      ),
    ),
  )
  const [first = 0, second = 0] = [table.itemIndex[0], table.itemIndex[1]]
  const protocol = spec.protocols.flatMap((name) => [name, name])
  const count = protocol.length
  return {
    rows,
    recommendations: {
      protocol,
      userIndex: new Int32Array(count),
      rank: Int32Array.from({ length: count }, (_, index) => 1 + (index % 2)),
      itemIndex: Int32Array.from({ length: count }, (_, index) => (index % 2 ? second : first)),
      score: Float32Array.from({ length: count }, (_, index) => 0.1 / (1 + (index % 2))),
      rating: Float32Array.from({ length: count }, (_, index) => (index % 2 ? 2 : 5)),
    },
    userMetrics: {
      model: spec.protocols.map(() => spec.modelId),
      protocol: [...spec.protocols],
      userIndex: new Int32Array(spec.protocols.length),
      candidates: new Int32Array(spec.protocols.length).fill(7),
      k: new Int32Array(spec.protocols.length).fill(spec.ks[0] ?? 1),
      metric: spec.protocols.map(() => 'precision'),
      value: new Float64Array(spec.protocols.length).fill(value),
    },
    remarks: [],
  }
}

/**
 * "auto" is the executor "fixture"; other names are themselves, with faults of their own: "tfjs-webgpu" cannot be opened,
 * "native" computes wrongly, "tfjs-node-gpu" ends the process in its self-test.
 */
export const fixtureBackend: TrainerBackend = {
  open(request) {
    const { backend, threads } = request
    if (backend === 'tfjs-webgpu')
      return Promise.reject(backendUnavailable(backend, 'the fixture has no GPU', 'Take another one.'))
    const executor = backend === 'auto' ? 'fixture' : backend
    return Promise.resolve({
      opened: { executor, device: `a fixture, ${threads} threads`, versions: { fixture: '1' }, explanation: 'it is a fixture' },
      createJob: (spec, table, { checkpoint, embedding }) =>
        new CounterJob(spec, table, checkpoint, embedding(embeddingKey), executor),
      evaluate: (spec, table, model) => outcomeOf(spec, new TextDecoder().decode(model), table),
      testGenres: () => {
        throw new PalateError('DATA_UNSUITABLE', 'The fixture knows no genres.', { reason: 'fixture' })
      },
      openLive: () => {
        throw new PalateError('DATA_UNSUITABLE', 'The fixture plays with nobody.', { reason: 'fixture' })
      },
      playBatch: () => {
        throw new PalateError('DATA_UNSUITABLE', 'The fixture plays with nobody.', { reason: 'fixture' })
      },
      selfTest: () => {
        if (executor === 'tfjs-node-gpu') process.abort()
        return executor === 'native' ? ['the loss is wrong'] : []
      },
      measureSteps: () => 5e9,
      close: () => Promise.resolve(),
    })
  },
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
