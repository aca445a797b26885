import { defineStore } from 'pinia'
import { computed, reactive, ref, watch } from 'vue'
import { ownRunDefaults } from '../../src-main/contract/dto/run-defaults.ts'
import type { StartRunsInput } from '../../src-main/contract/dto/run.ts'
import type { SplitKind } from '../../src-main/contract/dto/split.ts'
import { splitProblems, splitTextOf } from '../composables/split-form.ts'
import { modelForm } from '../composables/model-form.ts'
import { parseKs, parseSeeds, runStart, type RunStart } from '../composables/run-start.ts'
import { changedValues } from '../composables/param-form.ts'
import { useDatasetsStore } from './datasets.ts'
import { useModelsStore } from './models.ts'
import { useSystemStore } from './system.ts'

/** The run that is being set up. It outlives the page, so that a look elsewhere loses nothing that was typed. */
export const useDraftStore = defineStore('draft', () => {
  const datasets = useDatasetsStore()
  const models = useModelsStore()
  const system = useSystemStore()
  const datasetId = ref<number>()
  const form = modelForm((id) => models.model(id))
  const { modelId, presetId, values, model, preset, issues, choosePreset } = form
  /** What a field holds that nobody has touched. */
  let start = runStart(ownRunDefaults)
  const texts = reactive({ name: '', ...start.split, seeds: start.seeds, ks: start.ks })
  const splitKind = ref<SplitKind>(start.kind)
  const protocols = ref<string[]>([...start.protocols])
  /** Nobody has chosen another. */
  let modelIsStart = true

  /** The name that came with a saved configuration, until another model is chosen. */
  let configurationName = ''
  function chooseModel(id: string) {
    modelIsStart = false
    if (texts.name === configurationName) texts.name = ''
    configurationName = ''
    form.chooseModel(id)
  }
  /** @param name of the saved configuration; empty for one that is not saved */
  function take(setting: Parameters<typeof form.take>[0], name: string) {
    modelIsStart = false
    form.take(setting)
    if (name) texts.name = configurationName = name
  }

  /** Fills what is still open: the newest data set, and the model that the settings name or the house is built around. */
  function settle() {
    if (!datasets.byId(datasetId.value ?? -1)) datasetId.value = datasets.newestFirst[0]?.id
    const untouched = modelIsStart && presetId.value === model.value?.defaultPreset && form.changed.value.length === 0
    if ((model.value && !untouched) || models.models.length === 0) return
    const known = models.model(start.model) ?? models.model(ownRunDefaults.defaultModel)
    const first = known ?? models.models.find((one) => one.kind === 'policy') ?? models.models[0]!
    if (first.id === modelId.value) return
    chooseModel(first.id)
    modelIsStart = true
  }
  /** Fields that hold what they began with begin anew; what somebody has typed stays. */
  function beginWith(next: RunStart) {
    if (texts.seeds === start.seeds) texts.seeds = next.seeds
    if (texts.ks === start.ks) texts.ks = next.ks
    const { share, splitSeed, lastCount } = start.split
    const splitStands = texts.share === share && texts.splitSeed === splitSeed && texts.lastCount === lastCount
    if (splitStands && splitKind.value === start.kind) {
      splitKind.value = next.kind
      Object.assign(texts, next.split)
    }
    if (String(protocols.value) === String(start.protocols)) protocols.value = [...next.protocols]
    start = next
  }
  watch(
    () => system.settings,
    (settings) => settings && beginWith(runStart(settings)),
    { immediate: true },
  )
  watch([() => datasets.datasets, () => models.models, () => system.settings], settle, { immediate: true })

  const seeds = computed(() => parseSeeds(texts.seeds))
  const ks = computed(() => parseKs(texts.ks))
  /** Messages for the fields outside the model's own parameters. */
  const problems = computed(() => {
    const timeKind = datasets.byId(datasetId.value ?? -1)?.timeKind
    const found: Record<string, string> = splitProblems(splitKind.value, texts, timeKind)
    if (datasetId.value === undefined) found['dataset'] = 'Choose a data set.'
    if (!seeds.value.ok) found['seeds'] = seeds.value.message
    if (!ks.value.ok) found['ks'] = ks.value.message
    if (protocols.value.length === 0) found['protocols'] = 'Choose at least one protocol.'
    return found
  })
  const ready = computed(
    () => model.value !== undefined && Object.keys(issues.value).length === 0 && Object.keys(problems.value).length === 0,
  )

  /** What `runs.start` is given. Call it only when `ready`. */
  function input(): StartRunsInput {
    return {
      dataset: datasetId.value!,
      model: modelId.value,
      preset: presetId.value,
      params: changedValues(model.value!.params, values, preset.value),
      split: splitTextOf(splitKind.value, texts),
      seeds: seeds.value.ok ? seeds.value.values : [1],
      protocols: [...protocols.value],
      ks: ks.value.ok ? ks.value.values : [20],
      ...(texts.name.trim() ? { name: texts.name.trim() } : {}),
    }
  }

  return {
    datasetId,
    modelId,
    presetId,
    values,
    texts,
    splitKind,
    protocols,
    model,
    preset,
    issues,
    problems,
    seeds,
    ready,
    chooseModel,
    choosePreset,
    take,
    settle,
    input,
  }
})
