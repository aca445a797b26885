import { defineStore } from 'pinia'
import { computed, reactive, ref, watch } from 'vue'
import type { StartRunsInput } from '../../src-main/contract/dto/run.ts'
import type { SplitKind } from '../../src-main/contract/dto/split.ts'
import { splitProblems, splitTextOf } from '../composables/split-form.ts'
import { parseNumberList } from '../composables/number-list.ts'
import { modelForm } from '../composables/model-form.ts'
import { changedValues } from '../composables/param-form.ts'
import { useDatasetsStore } from './datasets.ts'
import { useModelsStore } from './models.ts'

const favourite = 'mdrr-att'
const seedLimits = { min: 0, max: 2 ** 31 - 1, most: 100 }
const kLimits = { min: 1, max: 10_000, most: 20 }

/** The run that is being set up. It outlives the page, so that a look elsewhere loses nothing that was typed. */
export const useDraftStore = defineStore('draft', () => {
  const datasets = useDatasetsStore()
  const models = useModelsStore()
  const datasetId = ref<number>()
  const form = modelForm((id) => models.model(id))
  const { modelId, presetId, values, model, preset, issues, choosePreset } = form
  const texts = reactive({ name: '', share: '80', splitSeed: '', lastCount: '1', seeds: '1', ks: '5, 10, 20' })
  const splitKind = ref<SplitKind>('random')
  const protocols = ref<string[]>(['rerank-sequential', 'rerank-oneshot'])

  /** The name that came with a saved configuration, until another model is chosen. */
  let configurationName = ''
  function chooseModel(id: string) {
    if (texts.name === configurationName) texts.name = ''
    configurationName = ''
    form.chooseModel(id)
  }
  /** @param name of the saved configuration; empty for one that is not saved */
  function take(setting: Parameters<typeof form.take>[0], name: string) {
    form.take(setting)
    if (name) texts.name = configurationName = name
  }

  /** Fills what is still open: the newest data set and the model the house is built around. */
  function settle() {
    if (!datasets.byId(datasetId.value ?? -1)) datasetId.value = datasets.newestFirst[0]?.id
    if (!model.value && models.models.length > 0) {
      const first = models.model(favourite) ?? models.models.find((one) => one.kind === 'policy') ?? models.models[0]!
      chooseModel(first.id)
    }
  }
  watch([() => datasets.datasets, () => models.models], settle, { immediate: true })

  const seeds = computed(() => parseNumberList(texts.seeds, 'seed', seedLimits))
  const ks = computed(() => parseNumberList(texts.ks, 'list length', kLimits))
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
