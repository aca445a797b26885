import type { BoundSource } from '../bindings.ts'
import type { InputValues } from '../types.ts'

interface Table<Handle> {
  readonly handle: Handle
  users: number
}

interface Device<Handle> {
  upload(values: InputValues): Handle
  drop(handle: Handle): void
}

/** Arrays that never change, uploaded once however many programs read them; dropped when each has been bound to another. */
export class SharedTables<Handle> {
  readonly #device: Device<Handle>
  readonly #tables = new Map<InputValues, Table<Handle>>()
  readonly #current = new Map<BoundSource, InputValues>()

  constructor(device: Device<Handle>) {
    this.#device = device
  }

  /** @returns what was uploaded for the array bound to `source`; undefined if it is bound as an ordinary input */
  held(source: BoundSource): Handle | undefined {
    const values = source.isTable ? source.values : undefined
    const before = this.#current.get(source)
    if (values === before) return values && this.#tables.get(values)!.handle
    const handle = values && this.#take(values)
    if (before) this.#release(before)
    if (values) this.#current.set(source, values)
    else this.#current.delete(source)
    return handle
  }

  dispose(): void {
    for (const table of this.#tables.values()) this.#device.drop(table.handle)
    this.#tables.clear()
    this.#current.clear()
  }

  #take(values: InputValues): Handle {
    const known = this.#tables.get(values)
    if (known) {
      known.users++
      return known.handle
    }
    const handle = this.#device.upload(values)
    this.#tables.set(values, { handle, users: 1 })
    return handle
  }

  #release(values: InputValues): void {
    const table = this.#tables.get(values)!
    table.users--
    if (table.users > 0) return
    this.#device.drop(table.handle)
    this.#tables.delete(values)
  }
}
