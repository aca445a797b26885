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

/** The colour of the `index`-th of a few series that stand side by side, from 0. */
export function seriesColor(index: number, dark: boolean): string {
  const colors = dark ? series.dark : series.light
  return colors[index % colors.length]!
}

/** What feedback looks like everywhere: a colour and, for those who see none, a shape of its own. */
export function feedbackLooks(dark: boolean) {
  return {
    positive: { color: dark ? '#5cb3e8' : '#0072b2', symbol: 'circle', label: 'Liked' },
    neutral: { color: dark ? '#857d8c' : '#8b8392', symbol: 'diamond', label: 'Neutral' },
    negative: { color: dark ? '#f08a4b' : '#c14a00', symbol: 'triangle', label: 'Disliked' },
  } as const
}

/** Which of two is ahead: the sides of the axis tell it as well. */
export function signColors(dark: boolean) {
  return dark
    ? { higher: '#5cb3e8', same: '#857d8c', lower: '#f08a4b' }
    : { higher: '#0072b2', same: '#8b8392', lower: '#c14a00' }
}

/** From nothing to much, by lightness alone: read the same with every kind of colour vision. */
export function rampColors(dark: boolean): string[] {
  return dark ? ['#211c25', '#1f3a52', '#2a6690', '#4f9fd0', '#c9e9fc'] : ['#f6f3f7', '#c6dced', '#77b0d6', '#1f78b4', '#062f55']
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
