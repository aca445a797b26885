import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ErrorDetails, PalateError } from '../../src-main/contract/errors.ts'
import type { ImportSettings } from '../../src-main/contract/dto/import-settings.ts'
import type { Inspection } from '../../src-main/contract/dto/inspection.ts'
import { api } from '../client/api.ts'
import { sameSetting } from '../composables/reading-fields.ts'

export type SettingName = keyof ImportSettings | 'format'

/** A format that is less sure is imported only after a person has said that its rows are right. As in the engine. */
const leastConfidence = 0.4

/** Typing goes on for so long before the source is looked at again. */
const pauseMs = 250

/** What holds where neither the format nor the person says anything. */
const usual: ImportSettings = { duplicates: 'last', maxRejectRate: 0.5, missing: [] }

/** How the chosen source will be read: what was detected, and what the person decided otherwise. */
export const useInspectionStore = defineStore('inspection', () => {
  const path = ref('')
  /** The first look: all formats that recognise the source. */
  const first = shallowRef<Inspection>()
  const found = shallowRef<Inspection>()
  /** The person's part of the settings. It is kept when another format does not heed some of it. */
  const chosen = shallowRef<ImportSettings>({})
  /** What stood in place of it. */
  const detected = shallowRef<ImportSettings>({})
  /** Which change is being looked at. */
  const busyWith = ref<SettingName>()
  /** Why the last change could not be looked at; shown at the change and at what the engine names. */
  const problem = shallowRef<{ places: readonly SettingName[]; error: PalateError }>()
  /** The person has looked at rows of which Palate is not sure. */
  const confirmed = ref(false)
  /** Something is typed that is no setting yet. */
  const unfinished = ref(false)
  let work = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  const heeds = (name: SettingName) => name === 'format' || !!found.value?.overridable.includes(name)
  const standing = computed<ImportSettings>(() => ({
    ...usual,
    ...(found.value ? { scale: found.value.scale } : {}),
    ...found.value?.settings,
  }))
  /** What the controls show: the person's word at once, everything else as it was last found. */
  const settings = computed<ImportSettings>(() => ({ ...standing.value, ...heeded(chosen.value) }))
  const isChanged = (name: SettingName) =>
    name === 'format' ? found.value?.format !== first.value?.format : name in chosen.value && heeds(name)
  const changed = computed(() => (['format', ...Object.keys(chosen.value)] as SettingName[]).filter(isChanged))

  function heeded(all: ImportSettings): ImportSettings {
    return Object.fromEntries(Object.entries(all).filter(([name]) => found.value?.overridable.includes(name)))
  }

  function close() {
    clearTimeout(timer)
    work.abort()
    first.value = found.value = problem.value = busyWith.value = undefined
    chosen.value = detected.value = {}
    confirmed.value = false
  }

  /** Looks at a source for the first time. @param format read it as this one, also where nothing recognises it */
  async function open(where: string, signal: AbortSignal, format?: string): Promise<Inspection> {
    close()
    path.value = where
    const looked = await api.datasets.inspect({ path: where, format }, { signal })
    first.value = found.value = looked
    return looked
  }

  function set<K extends keyof ImportSettings>(name: K, value: ImportSettings[K]) {
    if (value === undefined) return reset(name)
    if (!(name in chosen.value)) detected.value = { ...detected.value, [name]: standing.value[name] }
    if (sameSetting(value, detected.value[name])) return reset(name)
    chosen.value = { ...chosen.value, [name]: value }
    lookSoon(name)
  }

  function reset(name: SettingName) {
    if (name === 'format') {
      if (first.value) chooseFormat(first.value.format)
      return
    }
    if (!(name in chosen.value)) return
    chosen.value = without(chosen.value, name)
    detected.value = without(detected.value, name)
    lookSoon(name)
  }

  function chooseFormat(id: string) {
    lookSoon('format', id)
  }

  function lookSoon(at: SettingName, format = found.value?.format) {
    clearTimeout(timer)
    work.abort()
    busyWith.value = at
    confirmed.value = false
    timer = setTimeout(() => void look(at, format), pauseMs)
  }

  async function look(at: SettingName, format: string | undefined) {
    const mine = (work = new AbortController())
    const ask = (wanted: ImportSettings) =>
      api.datasets.inspect({ path: path.value, format, settings: wanted }, { signal: mine.signal })
    try {
      // Which settings another format heeds is known after a first look; what it detects is what they are compared with.
      let next = at === 'format' ? await ask({}) : undefined
      if (mine !== work) return
      if (next) {
        found.value = next
        detected.value = Object.fromEntries(
          Object.keys(chosen.value).map((name) => [name, standing.value[name as keyof ImportSettings]]),
        )
      }
      const wanted = heeded(chosen.value)
      if (!next || Object.keys(wanted).length > 0) next = await ask(wanted)
      if (mine !== work) return
      found.value = next
      problem.value = undefined
    } catch (failure) {
      if (mine !== work) return
      const error = failure as PalateError
      problem.value = { places: [at, ...namedIn(error)], error }
    }
    busyWith.value = undefined
  }

  return {
    path,
    first,
    found,
    settings,
    detected,
    changed,
    busyWith,
    problem,
    confirmed,
    unfinished,
    unsure: computed(() => (found.value?.confidence ?? 1) < leastConfidence),
    heeds,
    isChanged,
    problemAt: (name: SettingName) => (problem.value?.places.includes(name) ? problem.value.error.message : undefined),
    open,
    close,
    set,
    reset,
    chooseFormat,
    /** What an import must be told to read the source as it is shown. */
    input: () => ({ format: found.value?.format, settings: heeded(chosen.value) }),
  }
})

function without(settings: ImportSettings, name: keyof ImportSettings): ImportSettings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name))
}

/** The settings that an INPUT_INVALID blames: "columns.user", "settings.separator". */
function namedIn(error: PalateError): SettingName[] {
  if (error.code !== 'INPUT_INVALID') return []
  const { issues } = error.details as ErrorDetails<'INPUT_INVALID'>
  return issues.map((issue) => issue.path.replace(/^settings\./, '').split('.')[0] as SettingName)
}
