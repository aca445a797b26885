import * as z from 'zod'
import { metricDescriptor, protocolDescriptor } from '../dto/evaluation.ts'
import { modelDescriptor } from '../dto/model.ts'
import { procedure } from './base.ts'

export const modelsApi = {
  list: procedure.output(z.array(modelDescriptor)),
  protocols: procedure.output(z.array(protocolDescriptor)),
  metrics: procedure.output(z.array(metricDescriptor)),
}
