import { describe, expect, it } from 'vitest'
import { describeCommand } from '../../../../src-main/hosts/cli/commands/describe.ts'
import type { Output } from '../../../../src-main/hosts/cli/output.ts'

/** What the command would print: the result, and its text. */
function recorder() {
  const said: { result: object; text: string }[] = []
  const output: Output = {
    json: false,
    interactive: false,
    result: (result, text) => void said.push({ result, text: text() }),
    log: () => undefined,
    failure: () => undefined,
  }
  return { said, context: { output, workspace: '/nowhere' } }
}

describe('palate models describe', () => {
  it('needs no workspace, and tells blocks, feedback, parameters and costs', async () => {
    const { said, context } = recorder()
    const param = ['encoder=gru-attention', 'size=4', 'historyLength=3']
    expect(await describeCommand(context, 'custom', { param })).toBe(0)
    expect(said[0]!.result).toMatchObject({ model: 'custom', network: true, width: 6, batchSize: 64 })
    expect(said[0]!.text).toMatch(
      /^actor\.negative\.encoder +Encoder of dislikes +- +B x 18 +\d+ +input\.negative, input\.user$/m,
    )
    expect(said[0]!.text).toMatch(/^FLOPs per update: [\d,]+$/m)
  })

  it('ends with 1 for values that cannot train, and names the block', async () => {
    const { said, context } = recorder()
    expect(await describeCommand(context, 'mdrr-att', { param: ['replayCapacity=64', 'batchSize=128'] })).toBe(1)
    expect(said[0]!.text).toContain('Cannot train, critic: The replay holds 64 transitions, and a batch takes 128.')
  })
})
