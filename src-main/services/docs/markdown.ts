/** A Markdown file of a folder of pages. */
export interface Page {
  readonly file: string
  readonly text: string
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function page(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}
