import * as z from 'zod'
import { architecture, describedModel, trainingEstimate } from '../dto/architecture.ts'
import { metricDescriptor, protocolDescriptor } from '../dto/evaluation.ts'
import { modelDescriptor } from '../dto/model.ts'
import { procedure } from './base.ts'

export const modelsApi = {
  list: procedure.output(z.array(modelDescriptor)),
  /** How a model is built for these values: blocks, shapes, parameters, feedback, costs, and what does not fit together. */
  describe: procedure.input(describedModel).output(architecture),
  /** What training it would take on this machine; the first question of a size measures how fast the machine is. */
  estimate: procedure.input(describedModel).output(trainingEstimate),
  protocols: procedure.output(z.array(protocolDescriptor)),
  metrics: procedure.output(z.array(metricDescriptor)),
}
