import { answerCalls } from '../../src-main/services/compute/answer-calls.ts'

await answerCalls<{ about: string }>(
  () => Promise.reject(new Error('there is nothing to compute with')),
  () => Promise.resolve(null),
)
