import type { ImportSettings } from '../../src-main/contract/dto/import-settings.ts'
import type { DatasetContent } from '../../src-main/engine/data/reading/dataset-content.ts'
import { readDataset } from '../../src-main/engine/data/reading/read-dataset.ts'
import { detectFormat } from '../../src-main/services/datasets/detect-format.ts'
import { openSource } from '../../src-main/services/datasets/open-source.ts'

export interface ReadPathOptions {
  readonly format?: string | undefined
  readonly settings?: ImportSettings | undefined
  readonly onBadRow?: 'fail' | 'skip' | undefined
}

/** Opens, recognises and reads what lies at `path`, as an import does before it stores anything. */
export async function readPath(path: string, options: ReadPathOptions = {}): Promise<DatasetContent> {
  const { format, settings, onBadRow = 'fail' } = options
  const source = await openSource(path)
  try {
    const { reader, recognition } = await detectFormat(source, settings, format)
    return await readDataset(reader, source, { settings: recognition.settings, onBadRow })
  } finally {
    await source.close()
  }
}
