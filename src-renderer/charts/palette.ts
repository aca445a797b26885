/**
 * Series colours that stay apart for the common forms of colour blindness (after Okabe and Ito), darkened or lightened until
 * each has a contrast of 3 : 1 against its ground.
 */
const series = {
  light: ['#0072b2', '#c14a00', '#00805e', '#a8518a', '#8a6a00', '#2f86c1', '#5b4b9a', '#5f5a63'],
  dark: ['#5cb3e8', '#f08a4b', '#35c79a', '#e193c1', '#e3c04a', '#9ad1f2', '#a99be6', '#b5afb9'],
} as const

const dashes = ['solid', 'dashed', 'dotted'] as const

/** The colour and dash of a run: the same in every chart and table, because they depend on nothing but its number. */
export function runStyle(runId: number, dark: boolean): { color: string; dash: 'solid' | 'dashed' | 'dotted' } {
  const colors = dark ? series.dark : series.light
  const place = Math.max(0, runId - 1)
  return {
    color: colors[place % colors.length]!,
    dash: dashes[Math.floor(place / colors.length) % dashes.length]!,
  }
}

/** What a chart draws with beside its series. */
export function chartInk(dark: boolean) {
  return dark
    ? {
        text: '#b3abb8',
        strong: '#ece7ee',
        line: '#3a343f',
        grid: '#2b2630',
        panel: '#1d1820',
        accent: '#ee8fc0',
        floor: '#9d95a3',
      }
    : {
        text: '#6b6370',
        strong: '#2a242e',
        line: '#d9d4db',
        grid: '#ece8ed',
        panel: '#ffffff',
        accent: '#a3266a',
        floor: '#786f7d',
      }
}
