import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the original files of public data sets lie on this machine. They are never part of the project. */
const FOLDER = process.env['PALATE_TEST_DATA'] ?? resolve(fileURLToPath(import.meta.url), '../../../../shared/data')

/**
 * @param name for instance "ml-100k"
 * @returns the absolute path, and whether it is there: tests of real data use `skipIf(!present)` and `label` in their title,
 *          so that the report says which data were missing
 */
export function realData(name: string): { path: string; present: boolean; label: string } {
  const path = join(FOLDER, name)
  const present = existsSync(path)
  return { path, present, label: present ? name : `${name} (SKIPPED: not at ${path}; set PALATE_TEST_DATA)` }
}
