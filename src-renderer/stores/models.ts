import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { MetricDescriptor, ProtocolDescriptor } from '../../src-main/contract/dto/evaluation.ts'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import { api } from '../client/api.ts'
import { createLoading } from './listing.ts'

/** The catalogue: models, evaluation protocols, metrics. It does not change while the engine runs. */
export const useModelsStore = defineStore('models', () => {
  const models = shallowRef<ModelDescriptor[]>([])
  const protocols = shallowRef<ProtocolDescriptor[]>([])
  const metrics = shallowRef<MetricDescriptor[]>([])
  const { loaded, error, load } = createLoading(
    async () =>
      ([models.value, protocols.value, metrics.value] = await Promise.all([
        api.models.list(),
        api.models.protocols(),
        api.models.metrics(),
      ])),
  )

  const byId = computed(() => new Map(models.value.map((model) => [model.id, model])))
  return {
    models,
    protocols,
    metrics,
    loaded,
    error,
    load,
    model: (id: string) => byId.value.get(id),
    /** The title of a model, or its id when this engine does not know it (a run of a later version). */
    titleOf: (id: string) => byId.value.get(id)?.title ?? id,
    protocolTitle: (id: string) => protocols.value.find((protocol) => protocol.id === id)?.title ?? id,
    metric: (id: string) => metrics.value.find((metric) => metric.id === id),
  }
})
