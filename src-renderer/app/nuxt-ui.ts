/// <reference types="@nuxt/ui/runtime/types/icons.d.ts" />
import { addIcon } from '@iconify/vue'
import { init } from 'virtual:nuxt-ui-icons'

/**
 * What Nuxt UI's Vue plugin does, without what the content security policy forbids: its plugin writes the colours into a
 * style element at run time; ours stand in theme.css. So only the bundled icons are left to be made known.
 */
export function installIcons(): void {
  init((name, data) => addIcon(name, data))
}
