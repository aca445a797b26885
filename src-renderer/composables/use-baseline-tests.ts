import { onBeforeUnmount, ref, shallowReactive, watch, type Ref } from 'vue'
import type { AgainstBaseline } from '../../src-main/contract/dto/run-table.ts'
import { isPalateError } from '../../src-main/contract/errors.ts'
import { useRunTableStore } from '../stores/run-table.ts'
import type { RunColumn } from './run-columns.ts'
import { figureOfKey } from './run-facts.ts'
import { runIdsOf, type TableLine } from './run-table.ts'

/** Scrolling asks for nothing until it rests. */
const restMs = 250
/** As many lines as one call takes. */
const mostLines = 60

export interface BaselineTests {
  /** Of a line in the column of a figure; undefined until it is known. */
  testOf(line: TableLine, figure: string): AgainstBaseline | undefined
  readonly busy: Ref<boolean>
}

/**
 * Tests the lines in sight against the baseline, for each figure that is shown; what was tested is remembered until the
 * baseline or the runs of a line change.
 *
 * @param baseline runs of the baseline; empty: nothing is tested
 */
export function useBaselineTests(
  lines: () => readonly TableLine[],
  columns: () => readonly RunColumn[],
  baseline: () => readonly number[],
): BaselineTests {
  const table = useRunTableStore()
  const known = shallowReactive(new Map<string, AgainstBaseline>())
  const busy = ref(false)
  let work = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const keyOf = (line: TableLine, figure: string) => `${figure} ${line.key} ${runIdsOf(line).join(',')} / ${baseline().join(',')}`

  async function test() {
    work.abort()
    const mine = (work = new AbortController())
    const base = [...baseline()]
    if (base.length === 0) return
    busy.value = true
    try {
      for (const { figure: key } of columns()) {
        const figure = key === undefined ? undefined : figureOfKey(key)
        const missing = figure ? lines().filter((line) => !known.has(keyOf(line, key!))) : []
        if (!figure || missing.length === 0) continue
        const asked = missing.slice(0, mostLines)
        const wanted = asked.map((line) => ({ key: line.key, runIds: runIdsOf(line).slice(0, 200) }))
        const found = await table.againstBaseline({ baseline: base.slice(0, 200), lines: wanted, figure }, mine.signal)
        if (mine.signal.aborted) return
        const byKey = new Map(found.map((one) => [one.key, one]))
        for (const line of asked) {
          const one = byKey.get(line.key)
          if (one) known.set(keyOf(line, key!), one)
        }
      }
    } catch (failure) {
      // The table stands without marks; a run that went meanwhile takes its line along.
      if (!isPalateError(failure)) throw failure
    } finally {
      if (work === mine) busy.value = false
    }
  }
  watch(
    [lines, columns, baseline],
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void test(), restMs)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    clearTimeout(timer)
    work.abort()
  })
  return { busy, testOf: (line, figure) => known.get(keyOf(line, figure)) }
}
