import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'episode-return',
  title: 'Episode return',
  doc: 'What an episode with a simulated user earns: the sum of the rewards of its first k steps.',
  formula: 'sum of 2 (rating - min) / (max - min) - 1',
  episodesOnly: true,
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let sum = 0
    for (let i = 0; i < length; i++) if (!Number.isNaN(list.ratings[i]!)) sum += list.rewardOf(list.ratings[i]!)
    return length === 0 ? null : sum
  },
})
