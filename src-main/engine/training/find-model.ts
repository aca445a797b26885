import { PalateError } from '../../contract/errors.ts'
import type { AnyModel } from '../core/model.ts'
import { models } from '../models/catalogue.gen.ts'

/** @throws PalateError MODEL_NOT_FOUND */
export function findModel(id: string): AnyModel {
  const model = models.find((candidate) => candidate.id === id)
  if (model) return model
  const known = models.map((candidate) => candidate.id)
  throw new PalateError('MODEL_NOT_FOUND', `There is no model "${id}". Choose one of ${known.join(', ')}.`, { model: id, known })
}
