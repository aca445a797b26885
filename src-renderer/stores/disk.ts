import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { onFailure } from '../client/api.ts'

/** Whether a write has failed because the disk is full, and nobody has dealt with it yet. */
export const useDiskStore = defineStore('disk', () => {
  const full = shallowRef<Pick<PalateError, 'message'>>()
  onFailure((error) => {
    if (error.code === 'DISK_FULL') full.value = error
  })
  return {
    full,
    tell: (error: Pick<PalateError, 'message'>) => void (full.value = error),
    dismiss: () => void (full.value = undefined),
  }
})
