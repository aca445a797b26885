import { describe, expect, it } from 'vitest'
import { liveSetupOf, type LiveSharedOptions } from '../../../../src-main/hosts/cli/commands/live.ts'

const plain: LiveSharedOptions = { set: [], steps: '20', slate: '1', rate: '1', seed: '0' }
const refusal = (options: Partial<LiveSharedOptions>) => {
  try {
    liveSetupOf({ ...plain, ...options })
    return 'taken'
  } catch (error) {
    return (error as Error).message
  }
}

describe('who watches a session of the command line', () => {
  it('is exactly one', () => {
    const message = 'Say who watches: --user, --guest, --virtual or --persona.'
    expect(refusal({})).toContain(message)
    expect(refusal({ user: '3', persona: 'fan' })).toContain(message)
    expect(refusal({ user: '3' })).toBe('taken')
  })

  it('is not told to answer as somebody else where it answers for itself', () => {
    const message = 'A virtual user and a persona answer for themselves: leave --as out.'
    expect(refusal({ persona: 'fan', as: '3' })).toContain(message)
    expect(refusal({ virtual: '1', as: '3' })).toContain(message)
    expect(refusal({ guest: true, as: '3' })).toBe('taken')
  })

  it('has settings only as a virtual user', () => {
    expect(refusal({ persona: 'fan', set: ['drift=0'] })).toContain(
      '--set changes a virtual user: add --virtual, or leave it out.',
    )
    expect(refusal({ virtual: '1', set: ['drift=0'] })).toBe('taken')
  })
})
