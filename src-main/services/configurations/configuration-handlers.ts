import type { ConfigurationContent, ConfigurationDetail, ConfigurationVersion } from '../../contract/dto/configuration.ts'
import { PalateError } from '../../contract/errors.ts'
import type { ConfigurationsRepository } from '../../storage/repositories/configurations.ts'
import type { Handlers } from '../handlers.ts'
import { findModel, type EngineCatalogue } from '../models.ts'
import { completeParams, findPreset } from '../runs/plan-runs.ts'
import { configurationText, readConfiguration } from './configuration-file.ts'

/** How long a removal can be taken back. */
const UNDO_MS = 60_000

/** @param undoMs tests wait for less */
export function createConfigurationHandlers(
  repository: ConfigurationsRepository,
  catalogue: EngineCatalogue,
  undoMs = UNDO_MS,
): Handlers['configurations'] {
  const purgeLater = () => {
    // The workspace may have been closed meanwhile, or the disk be full: the next session tries again.
    setTimeout(() => void repository.purge(Date.now() - undoMs).catch(() => undefined), undoMs + 50).unref()
  }
  // What an earlier session left behind is past undoing by then.
  purgeLater()
  const get = async (id: number): Promise<ConfigurationDetail> => (await repository.get(id)) ?? notFound(String(id))
  const content = ({ model: id, preset: presetId, params }: Given): ConfigurationContent => {
    const model = findModel(catalogue, id)
    const preset = findPreset(model, presetId)
    const values = completeParams(model, preset.values, { params, updates: undefined })
    return { model: model.id, modelVersion: model.version, preset: preset.id, params: values }
  }
  const insertFree = async (name: string, version: ConfigurationContent): Promise<ConfigurationDetail> => {
    for (let copy = 1; ; copy++) {
      const id = await repository.insert(copy === 1 ? name : numbered(name, copy), version, Date.now())
      if (id !== null) return get(id)
    }
  }
  return {
    list: () => repository.list(),
    get: ({ configurationId }) => get(configurationId),
    async save({ name, ...given }) {
      const id = await repository.insert(name, content(given), Date.now())
      return id === null ? nameTaken(name) : get(id)
    },
    async saveVersion({ configurationId, ...given }) {
      const present = await get(configurationId)
      const next = content(given)
      if (!isSame(present.versions[0]!, next)) await repository.addVersion(configurationId, next, Date.now())
      return get(configurationId)
    },
    async rename({ configurationId, name }) {
      await get(configurationId)
      return (await repository.rename(configurationId, name, Date.now())) ? get(configurationId) : nameTaken(name)
    },
    async duplicate({ configurationId, version }) {
      const present = await get(configurationId)
      return insertFree(numbered(present.name, 2), versionOf(present, version))
    },
    async remove({ configurationId }) {
      const removed = await repository.hide(configurationId, Date.now())
      purgeLater()
      return { removed, undoMs }
    },
    async restore({ configurationId }) {
      if (!(await repository.restore(configurationId))) notFound(String(configurationId))
      return get(configurationId)
    },
    async exportJson({ configurationId, version }) {
      const { name, ...present } = await get(configurationId)
      return { name, text: configurationText(name, versionOf({ name, ...present }, version)) }
    },
    importJson({ text }) {
      const { name, content: read } = readConfiguration(text, catalogue)
      return insertFree(name, read)
    },
  }
}

type Given = Pick<Parameters<Handlers['configurations']['save']>[0], 'model' | 'preset' | 'params'>

/** "Name (2)", never longer than a name may be. */
function numbered(name: string, copy: number): string {
  const end = ` (${copy})`
  return `${name.replace(/ \(\d+\)$/, '').slice(0, 200 - end.length)}${end}`
}

function versionOf(present: ConfigurationDetail, version: number | undefined): ConfigurationVersion {
  if (version === undefined) return present.versions[0]!
  return present.versions.find((one) => one.version === version) ?? notFound(`${present.name}@${version}`)
}

function isSame(a: ConfigurationContent, b: ConfigurationContent): boolean {
  const text = ({ model, modelVersion, preset, params }: ConfigurationContent) =>
    JSON.stringify([model, modelVersion, preset, Object.entries(params).sort(([x], [y]) => (x < y ? -1 : 1))])
  return text(a) === text(b)
}

function notFound(configuration: string): never {
  throw new PalateError(
    'CONFIGURATION_NOT_FOUND',
    `There is no saved configuration ${configuration}. It may have been deleted in another window; look at the list of the builder.`,
    { configuration },
  )
}

function nameTaken(name: string): never {
  throw new PalateError(
    'CONFIGURATION_NAME_TAKEN',
    `There is already a configuration named "${name}". Choose another name, or save a new version of that one.`,
    { name },
  )
}
