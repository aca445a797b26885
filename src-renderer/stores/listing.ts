import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { useConnectionStore } from './connection.ts'

export interface Loading {
  readonly loaded: Ref<boolean>
  /** Why the last reading failed; what was read before stays. */
  readonly error: ShallowRef<PalateError | undefined>
  load(): Promise<void>
}

/** Calls `read` whenever the engine is there, or there again. `load` reads once more and never fails: `error` says why. */
export function createLoading(read: () => Promise<unknown>): Loading {
  const loaded = ref(false)
  const error = shallowRef<PalateError>()
  async function load() {
    try {
      await read()
      loaded.value = true
      error.value = undefined
    } catch (failure) {
      error.value = failure as PalateError
    }
  }
  useConnectionStore().onOpen(load)
  return { loaded, error, load }
}

/** The list with `one` in the place of what has its id: the newest first. */
export function withOne<T extends { readonly id: number }>(list: readonly T[], one: T): T[] {
  return [...list.filter(({ id }) => id !== one.id), one].sort((a, b) => b.id - a.id)
}

export interface Removed {
  readonly id: number
  readonly name: string
}
/** The offer to undo ends a little before the engine deletes. */
const undoMarginMs = 3000

export interface Removals {
  /** Removed in this window, and still to be had back. */
  readonly removed: ShallowRef<readonly Removed[]>
  remove(one: Removed): Promise<void>
  restore(id: number): Promise<void>
  /** Takes back the offer alone. */
  forget(id: number): void
}

/**
 * Removes what can be had back for a while.
 *
 * @param calls.remove answers how many milliseconds it can be had back; undefined: as long as the workspace stays open
 */
export function createRemovals(calls: {
  remove(id: number): Promise<number | undefined>
  restore(id: number): Promise<unknown>
}): Removals {
  const removed = shallowRef<readonly Removed[]>([])
  function forget(id: number) {
    removed.value = removed.value.filter((one) => one.id !== id)
  }
  async function remove({ id, name }: Removed) {
    const undoMs = await calls.remove(id)
    removed.value = [...removed.value, { id, name }]
    if (undoMs !== undefined) setTimeout(() => forget(id), Math.max(0, undoMs - undoMarginMs))
  }
  async function restore(id: number) {
    await calls.restore(id)
    forget(id)
  }
  return { removed, remove, restore, forget }
}
