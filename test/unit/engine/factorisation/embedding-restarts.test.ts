import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { factorise, predict } from '../../../../src-main/engine/factorisation/als.ts'
import { fitEmbedding } from '../../../../src-main/engine/factorisation/embedding.ts'
import { drain, starWorld } from '../../../support/worlds.ts'

const world = starWorld({ users: 20, items: 15, perUser: 10 })
const options = { size: 3, lambda: 2, epochs: 6, bias: 'item', popularity: false, foldEmbeddings: true } as const

describe('an embedding of several factorisations', () => {
  it('predicts the mean of what each predicts, but for the mean and the user bias, with their vectors side by side', () => {
    const embedding = drain(fitEmbedding(world, { ...options, restarts: 2 }, 1))
    expect([embedding.latent, embedding.width]).toEqual([6, 7])
    const settings = { size: 3, lambda: 2, epochs: 6, biased: true }
    const models = ['embedding/reference', 'embedding/reference/1'].map(
      (stream) => factorise(world, settings, Rng.stream(1, stream)).model,
    )
    expect(models[0]!.itemFactors).not.toEqual(models[1]!.itemFactors)
    for (const user of [0, 7, 19]) {
      for (const item of [0, 8, 14]) {
        const mean = models.reduce((sum, model) => sum + predict(model, user, item) - model.mean - model.userBias[user]!, 0) / 2
        let product = 0
        for (let c = 0; c < 7; c++) product += embedding.users[user * 7 + c]! * embedding.items[item * 7 + c]!
        expect(product).toBeCloseTo(mean, 5)
      }
    }
  })

  it('is what it was where there is one', () => {
    const [plain, one] = [options, { ...options, restarts: 1 }].map((wanted) => drain(fitEmbedding(world, wanted, 1)))
    expect(one).toEqual(plain)
  })
})
