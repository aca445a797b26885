import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'

const results = path.resolve(import.meta.dirname, '../../../test-results')

/** A walk through the program that can be looked at afterwards: a trace, and a picture after each step. */
export interface Walk {
  readonly page: Page
  /** Ends a step with a picture of the page. */
  picture(page: Page, name: string): Promise<void>
  /** Writes the trace. */
  end(): Promise<void>
}

/** @param name of the folder under `test-results` */
export async function startWalk(context: BrowserContext, name: string): Promise<Walk> {
  const folder = path.join(results, name)
  await mkdir(folder, { recursive: true })
  await context.tracing.start({ screenshots: true, snapshots: true })
  const page = await context.newPage()
  let at = 0
  return {
    page,
    picture: async (shown, title) => {
      at++
      await shown.screenshot({ path: path.join(folder, `${String(at).padStart(2, '0')}-${title}.png`), animations: 'disabled' })
    },
    end: () => context.tracing.stop({ path: path.join(folder, 'trace.zip') }),
  }
}
