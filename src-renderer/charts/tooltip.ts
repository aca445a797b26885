export interface TipRow {
  readonly name: string
  readonly value: string
  readonly color?: string
}

/**
 * A tooltip's content as elements. ECharts takes text from formatters as HTML and escapes nothing: a data set named
 * `<img onerror=…>` must stay a name, so no chart of ours ever returns text.
 */
export function tipContent(head: string, rows: readonly TipRow[]): HTMLElement {
  const box = element('div', 'chart-tip')
  box.append(element('div', 'head', head))
  for (const row of rows) {
    const line = element('div', 'row')
    if (row.color) {
      const mark = element('span', 'mark')
      mark.style.background = row.color
      line.append(mark)
    }
    line.append(element('span', 'name', row.name), element('span', 'value', row.value))
    box.append(line)
  }
  return box
}

function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag)
  made.className = className
  if (text !== undefined) made.textContent = text
  return made
}
