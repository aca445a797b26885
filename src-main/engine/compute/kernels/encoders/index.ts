import { elementwiseEncoders } from './elementwise.ts'
import type { Encoders } from './encoding.types.ts'
import { gatherEncoders } from './gather.ts'
import { linearEncoders } from './linear.ts'
import { rowEncoders } from './rows.ts'
import { shapingEncoders } from './shaping.ts'
import { softmaxEncoders } from './softmax.ts'

/** How each op becomes instructions. */
export const encoders: Encoders = {
  ...linearEncoders,
  ...gatherEncoders,
  ...softmaxEncoders,
  ...rowEncoders,
  ...shapingEncoders,
  ...elementwiseEncoders,
}
