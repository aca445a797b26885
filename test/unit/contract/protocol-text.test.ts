import { describe, expect, it } from 'vitest'
import { protocolIdOf, readProtocol } from '../../../src-main/contract/dto/protocol-text.ts'
import { int } from '../../../src-main/contract/params.ts'

const known = [
  { id: 'plain' },
  { id: 'online', params: { steps: int({ default: 20, min: 1, max: 1000, doc: 'Steps.' }) } },
] as const

describe('the text of a protocol', () => {
  it('is an id, or an id with settings; what is not said is the default', () => {
    expect(readProtocol('plain', known)).toEqual({ ok: true, protocol: known[0], values: {} })
    expect(readProtocol('online', known)).toEqual({ ok: true, protocol: known[1], values: { steps: 20 } })
    expect(readProtocol('online:steps=5', known)).toEqual({ ok: true, protocol: known[1], values: { steps: 5 } })
    expect(protocolIdOf('online:steps=5')).toBe('online')
    expect(protocolIdOf('plain')).toBe('plain')
  })

  it.each([
    ['full', 'There is no protocol "full".'],
    ['', 'There is no protocol "".'],
    ['plain:steps=5', 'The protocol "plain" has no settings.'],
    ['online:steps', '"steps" is no setting of the protocol "online": write online:NAME=VALUE.'],
    ['online:', '"" is no setting of the protocol "online": write online:NAME=VALUE.'],
    ['online:steps=0', 'steps must be a whole number from 1 to 1000, not 0. (protocol "online")'],
    ['online:users=5', 'There is no parameter "users". Known: steps. (protocol "online")'],
  ])('"%s" is refused: %s', (text, message) => {
    expect(readProtocol(text, known)).toEqual({ ok: false, message })
  })
})
