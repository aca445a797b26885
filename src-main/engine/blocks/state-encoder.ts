import type { AttentionOptions } from './attention.ts'
import { attentionEncoder } from './attention-encoder.ts'
import { averageEncoder } from './average-encoder.ts'
import { concatEncoder } from './concat-encoder.ts'
import type { SideEncoder } from './encoder.types.ts'
import { gruAttentionEncoder } from './gru-attention-encoder.ts'
import { maxEncoder } from './max-encoder.ts'
import { pairwiseEncoder, userPairwiseEncoder } from './pairwise-encoder.ts'

export type EncoderKind = 'concat' | 'pairwise' | 'user-pairwise' | 'average' | 'max' | 'attention' | 'gru-attention'

/** The encoder by name (algorithms.md section 3). @param attention for the two that attend */
export function encoderOf(kind: EncoderKind, attention: AttentionOptions): SideEncoder {
  switch (kind) {
    case 'concat':
      return concatEncoder
    case 'pairwise':
      return pairwiseEncoder
    case 'user-pairwise':
      return userPairwiseEncoder
    case 'average':
      return averageEncoder
    case 'max':
      return maxEncoder
    case 'attention':
      return attentionEncoder(attention)
    case 'gru-attention':
      return gruAttentionEncoder(attention)
  }
}
