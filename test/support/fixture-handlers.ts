import { contract } from '../../src-main/contract/api/contract.ts'
import { PalateError } from '../../src-main/contract/errors.ts'
import type { Handlers } from '../../src-main/services/handlers.ts'

/** What the fixture's handlers saw, for a test to look at. */
export interface Seen {
  readonly calls: string[]
  /** Ends of subscriptions, `aborted` when their signal was. */
  readonly ended: string[]
}

type Overrides = { readonly [D in keyof Handlers]?: Partial<Handlers[D]> }

/** Handlers that fail loudly for everything that `overrides` does not name. */
export function handlersWith(overrides: Overrides): Handlers {
  const given = overrides as Record<string, Record<string, unknown> | undefined>
  const domains = Object.entries(contract).map(([domain, procedures]) => [
    domain,
    Object.fromEntries(Object.keys(procedures).map((name) => [name, given[domain]?.[name] ?? missing(`${domain}.${name}`)])),
  ])
  return Object.fromEntries(domains) as Handlers
}

function missing(name: string) {
  return async () => {
    throw new PalateError('INTERNAL', `The fixture has no ${name}.`, { reason: name })
  }
}

/**
 * Handlers for the RPC tests: `system.info` answers, `datasets.get` fails as promised, `models.list` fails by accident,
 * `models.protocols` answers something else than promised, `runs.watch` never ends by itself, `runs.exportTable` is endless
 * and large, `datasets.import` fails after its first event.
 */
export function fixtureHandlers(seen: Seen = { calls: [], ended: [] }): Handlers {
  const run = async (signal: AbortSignal | undefined) => {
    if (signal?.aborted) return
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
  }
  return handlersWith({
    system: {
      info: async () => {
        seen.calls.push('system.info')
        return { ...systemInfo, executor: `pid ${process.pid}` }
      },
      doctor: async (_input, { signal }) => {
        await run(signal)
        seen.ended.push('system.doctor')
        return []
      },
      getSettings: async () => process.exit(7),
    },
    datasets: {
      get: async ({ dataset }) => {
        const name = String(dataset)
        throw new PalateError('DATASET_NOT_FOUND', `There is no data set "${name}". List them with "palate datasets".`, { name })
      },
      import: async function* ({ path }) {
        yield { kind: 'progress', stage: 'reading', rows: 1, bytesRead: 1, bytesTotal: 2, elapsedMs: 0 }
        throw new PalateError('FILE_EMPTY', `${path} holds no ratings. Choose another file.`, { path })
      },
    },
    models: {
      list: async () => {
        throw new RangeError('index 7 out of range')
      },
      protocols: async () => [{ id: 'x' }] as never,
    },
    runs: {
      watch: async function* (_input, { signal }) {
        try {
          yield { kind: 'removed', runId: 1 }
          await run(signal)
        } finally {
          seen.ended.push(signal?.aborted ? 'runs.watch aborted' : 'runs.watch')
        }
      },
      exportTable: async function* (_input, { signal }) {
        const chunk = 'x'.repeat(256 * 1024)
        try {
          while (!signal?.aborted) {
            seen.calls.push('chunk')
            yield chunk
          }
        } finally {
          seen.ended.push('runs.exportTable')
        }
      },
    },
  })
}

const systemInfo = {
  version: '0.0.0',
  host: 'test',
  node: process.version,
  platform: process.platform,
  cpus: 2,
  memoryBytes: 1,
  workspace: '/nowhere',
  workspaceBytes: 0,
  sqlite: '3.52.0',
  device: '',
} as const
