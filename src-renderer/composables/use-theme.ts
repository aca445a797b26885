import { computed, ref, watch } from 'vue'
import type { Settings } from '../../src-main/contract/dto/system.ts'

type Theme = Settings['theme']
const storageKey = 'palate.theme'
const system = matchMedia('(prefers-color-scheme: dark)')

function stored(): Theme {
  try {
    const text = localStorage.getItem(storageKey)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch {
    return 'system'
  }
}

const theme = ref<Theme>(stored())
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))
const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value))

watch(
  dark,
  (isDark) => {
    document.documentElement.classList.toggle('dark', isDark)
    document.documentElement.classList.toggle('light', !isDark)
  },
  { immediate: true },
)
watch(theme, (chosen) => {
  try {
    // public/theme.js reads it before the first paint.
    localStorage.setItem(storageKey, chosen)
  } catch {
    // Without storage the next start asks the system first; the engine's settings still hold the choice.
  }
})

/** The window's theme. The choice itself is a setting of the workspace; see App.vue for how the two meet. */
export function useTheme() {
  return { theme, dark }
}
