import {
  metricDescriptor,
  protocolDescriptor,
  type MetricDescriptor,
  type ProtocolDescriptor,
} from '../contract/dto/evaluation.ts'
import type { ModelDescriptor } from '../contract/dto/model.ts'
import { PalateError } from '../contract/errors.ts'
import { describeMetric } from '../engine/core/metric.ts'
import { describeModel } from '../engine/core/model.ts'
import { metrics } from '../engine/evaluation/metrics/catalogue.gen.ts'
import { protocols } from '../engine/evaluation/protocols/catalogue.gen.ts'
import { models } from '../engine/models/catalogue.gen.ts'

/** What the engine offers, as plain data. Tests of the queue give one of their own. */
export interface EngineCatalogue {
  readonly models: readonly ModelDescriptor[]
  readonly protocols: readonly ProtocolDescriptor[]
  readonly metrics: readonly MetricDescriptor[]
}

let known: EngineCatalogue | undefined

/** The engine's own catalogue. Parsing leaves out what is not data: the functions of a definition stay in the engine. */
export function engineCatalogue(): EngineCatalogue {
  known ??= {
    models: models.map(describeModel),
    protocols: protocols.map((protocol) => protocolDescriptor.parse(protocol)),
    metrics: metrics.map((metric) => metricDescriptor.parse(describeMetric(metric))),
  }
  return known
}

/** @throws PalateError MODEL_NOT_FOUND */
export function findModel(catalogue: EngineCatalogue, id: string): ModelDescriptor {
  const model = catalogue.models.find((candidate) => candidate.id === id)
  if (model) return model
  const ids = catalogue.models.map((candidate) => candidate.id)
  throw new PalateError('MODEL_NOT_FOUND', `There is no model "${id}". Choose one of: ${ids.join(', ')}.`, {
    model: id,
    known: ids,
  })
}
