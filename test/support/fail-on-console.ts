import { afterEach, beforeEach, expect, vi, type MockInstance } from 'vitest'
import { format } from 'node:util'

type Method = 'warn' | 'error'

/** Warnings and errors that the running test said it would cause. */
let expected: RegExp[] = []
let said: { method: Method; text: string }[] = []
let spies: MockInstance[] = []

/**
 * Tells that the running test may print a warning or an error that matches; any other fails it.
 * @param pattern matched against the text as it would have been printed
 */
export function allowConsole(pattern: RegExp): void {
  expected.push(pattern)
}

beforeEach(() => {
  expected = []
  said = []
  spies = (['warn', 'error'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      said.push({ method, text: format(...args) })
    }),
  )
})

afterEach(() => {
  const unexpected = said.filter(({ text }) => !expected.some((pattern) => pattern.test(text)))
  // Restored first: a failing expectation below must not leave the next test with a silent console.
  for (const spy of spies) spy.mockRestore()
  expect(unexpected, 'A test printed a warning or an error that it did not announce with allowConsole().').toEqual([])
})
