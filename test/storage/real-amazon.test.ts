import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDatasetHandlers } from '../../src-main/services/datasets.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { realData } from '../support/real-data.ts'
import { tempFolder } from '../support/temp-folder.ts'

const folder = realData('amazon')
const zip = realData('amazon/Musical_Instruments.zip')

describe('Amazon reviews as published', () => {
  it.skipIf(!folder.present).each([folder, zip])('$label: 10,261 reviews, 1,429 users, 900 items', async ({ path }) => {
    expect.assertions(2)
    const workspace = await openWorkspace(join(await tempFolder(), 'workspace'))
    onTestFinished(() => workspace.close())
    for await (const event of createDatasetHandlers(workspace).import({ path, onBadRow: 'fail' }, {})) {
      if (event.kind !== 'finished') continue
      expect(event.dataset).toMatchObject({
        format: 'amazon-json',
        users: 1429,
        items: 900,
        ratings: 10_261,
        timeKind: 'unix-seconds',
        scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
      })
      expect(event.report).toMatchObject({ read: 10_261, accepted: 10_261, rejected: 0, duplicates: 0 })
    }
  })
})
