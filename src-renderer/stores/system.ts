import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { DoctorCheck, Settings, SystemInfo } from '../../src-main/contract/dto/system.ts'
import { api } from '../client/api.ts'
import { useConnectionStore } from './connection.ts'

const refreshMs = 20_000

/** The workspace, the machine and the settings. */
export const useSystemStore = defineStore('system', () => {
  const info = shallowRef<SystemInfo>()
  const settings = ref<Settings>()
  const checks = shallowRef<DoctorCheck[]>()

  async function loadInfo() {
    info.value = await api.system.info()
  }
  async function loadSettings() {
    settings.value = await api.system.getSettings()
  }
  async function runDoctor() {
    checks.value = await api.system.doctor()
  }
  /** @throws PalateError when the engine refuses; the settings then stay as they were */
  async function change(part: Partial<Settings>) {
    settings.value = await api.system.setSettings(part)
  }

  useConnectionStore().onOpen(() => Promise.allSettled([loadInfo(), loadSettings()]))
  setInterval(() => {
    if (useConnectionStore().state === 'open' && document.visibilityState === 'visible') loadInfo().catch(() => undefined)
  }, refreshMs)

  return { info, settings, checks, loadInfo, loadSettings, runDoctor, change }
})
