import { writeFileSync } from 'node:fs'

/**
 * A vitest reporter that writes what `test.mjs` sums up: counts, and of each skipped test its name and why.
 * The file is named by PALATE_TEST_COUNTS.
 */
export default class CountsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: 0, skipped: [], files: modules.length }
    const fullName = (test) => `${test.module.relativeModuleId ?? test.module.moduleId} › ${test.fullName}`
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'failed') counts.failed++
        else counts.skipped.push({ name: fullName(test), reason: note ?? '' })
      }
      // A file or a group that breaks outside its tests (an import, a hook) has failed, whatever its tests say.
      const groups = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0)
      counts.failed += groups.length + (module.errors().length > 0 ? 1 : 0)
    }
    counts.failed += unhandledErrors.length
    writeFileSync(process.env['PALATE_TEST_COUNTS'], JSON.stringify(counts))
  }
}
