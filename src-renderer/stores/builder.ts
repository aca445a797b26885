import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
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
  type Question = NonNullable<typeof question.value>
  return {
    ...form,
    datasetId,
    valid,
    question,
    settle,
    chooseDataset(id: number | undefined) {
      sizesChosen = true
      datasetId.value = id
    },
    describe: (asked: Question): Promise<Architecture> => api.models.describe(asked),
    estimate: (asked: Question): Promise<TrainingEstimate> => api.models.estimate(asked),
  }
})
