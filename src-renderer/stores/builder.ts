import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { ConfigurationContent, ConfigurationDetail } from '../../src-main/contract/dto/configuration.ts'
import { configurationDifferences } from '../../src-main/contract/dto/configuration.ts'
import { parseParams } from '../../src-main/contract/params.ts'
import type { Architecture, TrainingEstimate } from '../../src-main/contract/dto/architecture.ts'
import { api } from '../client/api.ts'
import { modelForm } from '../composables/model-form.ts'
import { changedValues } from '../composables/param-form.ts'
import { useDatasetsStore } from './datasets.ts'
import { useModelsStore } from './models.ts'

/** A model to start from, with nothing left to choose but its blocks. */
const first = 'custom'

/** The model that is being built. It outlives the page, so that a look elsewhere loses nothing that was set. */
export const useBuilderStore = defineStore('builder', () => {
  const datasets = useDatasetsStore()
  const models = useModelsStore()
  const datasetId = ref<number>()
  /** Somebody may want the sizes of no data set. */
  let sizesChosen = false
  const form = modelForm((id) => models.model(id))

  function settle() {
    if (datasetId.value !== undefined && !datasets.byId(datasetId.value)) datasetId.value = undefined
    if (!sizesChosen) datasetId.value ??= datasets.newestFirst[0]?.id
    if (form.model.value || models.models.length === 0) return
    form.chooseModel((models.model(first) ?? models.models[0]!).id)
  }
  watch([() => datasets.datasets, () => models.models], settle, { immediate: true })

  const valid = computed(() => form.model.value !== undefined && Object.keys(form.issues.value).length === 0)
  /** What the engine is asked about; undefined while a value is not valid. */
  const question = computed(() =>
    valid.value
      ? {
          model: form.modelId.value,
          preset: form.presetId.value,
          params: changedValues(form.model.value!.params, form.values, form.preset.value),
          ...(datasetId.value === undefined ? {} : { dataset: datasetId.value }),
        }
      : undefined,
  )
  /** The saved configuration that is open, and which of its versions the form began with. */
  const opened = shallowRef<{ readonly detail: ConfigurationDetail; readonly version: number }>()
  /** The form as a whole; undefined while a value is not valid. */
  const content = computed((): ConfigurationContent | undefined => {
    const { model } = form
    const parsed = model.value && valid.value ? parseParams(model.value.params, form.values) : undefined
    if (!model.value || !parsed?.ok) return undefined
    return { model: model.value.id, modelVersion: model.value.version, preset: form.presetId.value, params: parsed.values }
  })
  const openedVersion = computed(() => opened.value?.detail.versions.find(({ version }) => version === opened.value?.version))
  /** Whether the form says something else than the version that is open. */
  const dirty = computed(
    () => !openedVersion.value || !content.value || configurationDifferences(openedVersion.value, content.value).length > 0,
  )
  /** Shows a version, by default the latest, and goes on from there. */
  function open(detail: ConfigurationDetail, version = detail.version) {
    opened.value = { detail, version }
    if (openedVersion.value) form.take(openedVersion.value)
  }
  /** It was saved or renamed: the form stays as it is. */
  function follow(detail: ConfigurationDetail) {
    opened.value = { detail, version: detail.version }
  }

  type Question = NonNullable<typeof question.value>
  return {
    ...form,
    datasetId,
    valid,
    question,
    opened,
    content,
    dirty,
    open,
    follow,
    leave: () => (opened.value = undefined),
    settle,
    chooseDataset(id: number | undefined) {
      sizesChosen = true
      datasetId.value = id
    },
    describe: (asked: Question): Promise<Architecture> => api.models.describe(asked),
    estimate: (asked: Question): Promise<TrainingEstimate> => api.models.estimate(asked),
  }
})
