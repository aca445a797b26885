import { expect, test } from 'vitest'
import { modelPages, pageFile } from '../../../../src-main/services/docs/model-pages.ts'
import { fakeModels, fakeProtocols } from '../../../support/fake-engine/models.ts'

const pages = new Map(modelPages(fakeModels, fakeProtocols).map((page) => [page.file, page.text]))

test('a page tells source, deviations, needs, protocols, presets and every parameter', () => {
  const text = pages.get('mdrr-att.md')!
  for (const line of [
    '# MDRR-att',
    '| Feedback | Likes and dislikes. What a user liked and what a user disliked, each in a list of its own. |',
    'Mixed negative and positive feedback in recommendation (`mdrr-att`), (1)-(14).',
    '- The actor gradient is taken at the present action, not at the one in the replay buffer.',
    "- **Transitions.** Each user's ratings in their order, from which episodes with feedback are made.",
    '- `rerank-sequential`: Re-rank, sequential; it answers what comes back, one item at a time.',
    '- `sampled`: Sampled, 1 + 99; it orders the candidates once. Not comparable: a drawn sample favours popular items.',
    '### Palate (`palate`, the default)',
    '| `updates` | 3000 | 4000 |',
    '| `residual` | on | off |',
    'Every parameter at its default.',
    '| `gamma` | γ | 0 … 1 | 0.9 | How much a later reward counts. Equation (9). |',
    '| `feedback` |  | both, positive, negative | both | Which feedback enters the state. `both`: Both sides. Liked and disliked items. `positive`: Liked only. `negative`: Disliked only. |',
  ])
    expect(text.split('\n')).toContain(line)
})

test('a model without anything to set, and one that adapts to nothing, say so', () => {
  const text = pages.get('popularity.md')!
  expect(text).toContain('This model has nothing to set.')
  expect(text).toContain('Nothing is known to differ.')
  expect(text).toContain('- `rerank-sequential`: Re-rank, sequential; it orders the candidates once.')
})

test('the list has every model under its family', () => {
  const text = pages.get('README.md')!
  expect(text).toContain('## Actor-critic policies\n\n| Model | Id | What it is |')
  for (const model of fakeModels) expect(text).toContain(`[${model.title}](${pageFile(model.id)})`)
})

test('a bar in a text is no column', () => {
  const odd = { ...fakeModels[1]!, deviations: [], summary: 'a | b' }
  expect(modelPages([odd], [])[0]!.text).toContain('| a \\| b |')
})
