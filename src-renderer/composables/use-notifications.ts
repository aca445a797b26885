import { computed, ref } from 'vue'
import { isFlag, useStored } from './use-stored.ts'

const wanted = useStored('notify', false, isFlag)
const available = typeof Notification === 'function'
const permission = ref<NotificationPermission>(available ? Notification.permission : 'denied')

/** Notes of the system for what ends while nobody looks. They are asked for in the settings, and never by themselves. */
export function useNotifications() {
  /** @returns whether they are on afterwards */
  async function turn(on: boolean): Promise<boolean> {
    if (on && available) permission.value = await Notification.requestPermission()
    wanted.value = on && permission.value === 'granted'
    return wanted.value
  }

  /** Shows it only when the window is hidden; a click brings the window back and calls `open`. */
  function notify(title: string, body: string, tag: string, open: () => void): void {
    if (!wanted.value || permission.value !== 'granted' || document.visibilityState === 'visible') return
    const shown = new Notification(title, { body, tag, icon: '/palate.svg' })
    shown.onclick = () => {
      window.focus()
      open()
      shown.close()
    }
  }
  return {
    available,
    on: computed(() => wanted.value && permission.value === 'granted'),
    /** The person, or the browser for them, has said no: only the browser's own settings can change that. */
    refused: computed(() => permission.value === 'denied'),
    turn,
    notify,
  }
}
