import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue'
import { isCommandMessage } from '../../src-main/contract/bridge.ts'

/**
 * What the desktop window does beside showing the page: its menus call `run` with names of shortcuts, and `share` is shown on the
 * dock or taskbar. In a browser nothing of it happens.
 */
export function useHostWindow(share: Ref<number | null>, run: (command: string) => void): void {
  const bridge = window.palate
  if (!bridge) return
  const onMessage = ({ data, source }: MessageEvent<unknown>) => {
    if (source === window && isCommandMessage(data)) run(data.command)
  }
  onMounted(() => window.addEventListener('message', onMessage))
  onBeforeUnmount(() => window.removeEventListener('message', onMessage))
  watch(share, (now) => bridge.showProgress(now === null ? null : Math.round(now * 100) / 100), { immediate: true })
}
