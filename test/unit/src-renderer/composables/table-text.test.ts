import { expect, test } from 'vitest'
import { csvText, latexText, markdownText } from '../../../../src-renderer/composables/table-text.ts'

test('CSV quotes what needs it and keeps spreadsheets from running a text', () => {
  expect(
    csvText(
      ['a', 'b'],
      [
        ['=1+1', 'say "x", y'],
        [-2.5, null],
      ],
      true,
    ),
  ).toBe('a,b\r\n\'=1+1,"say ""x"", y"\r\n-2.5,\r\n')
  expect(csvText(['a'], [['=1+1']], false)).toBe('a\r\n=1+1\r\n')
})

test('Markdown keeps a bar inside its cell', () => {
  expect(markdownText(['m', 'v'], [['a|b', '.5']])).toBe('| m | v |\n| --- | ---: |\n| a\\|b | .5 |\n')
})

test('LaTeX has no sign left that it would take for a command', () => {
  const text = latexText(['m', 'v'], [['50 % & $x_1$ #^~', '−.5']], 'a_b')
  expect(text).toContain('\\caption{a\\_b}')
  expect(text).toContain('  50 \\% \\& \\$x\\_1\\$ \\#\\textasciicircum{}\\textasciitilde{} & $-$.5 \\\\')
  expect(text).toContain('\\begin{tabular}{lr}')
})
