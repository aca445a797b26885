import type { TfNamespace, TfTensor } from './tf.types.ts'

/** Tensors that never change, made once and shared by all programs of an executor: on a GPU each would be an upload per run. */
export class Constants {
  readonly #tf: TfNamespace
  readonly #kept = new Map<string, TfTensor>()

  constructor(tf: TfNamespace) {
    this.#tf = tf
  }

  scalar(value: number): TfTensor {
    return this.filled(value, [])
  }

  filled(value: number, shape: readonly number[]): TfTensor {
    const size = shape.reduce((product, axis) => product * axis, 1)
    return this.#keep(`${value} in ${shape.join()}`, () => this.#tf.tensor(new Float32Array(size).fill(value), shape, 'float32'))
  }

  /** 0, step, 2 step .. as int32 [count]. */
  multiples(count: number, step: number): TfTensor {
    return this.#keep(`${count} multiples of ${step}`, () =>
      this.#tf.tensor(
        Int32Array.from({ length: count }, (_value, index) => index * step),
        [count],
        'int32',
      ),
    )
  }

  /** count, count - 1 .. 1 as float32 [1, count, 1]. */
  countdown(count: number): TfTensor {
    return this.#keep(`countdown from ${count}`, () =>
      this.#tf.tensor(
        Float32Array.from({ length: count }, (_value, index) => count - index),
        [1, count, 1],
        'float32',
      ),
    )
  }

  dispose(): void {
    for (const tensor of this.#kept.values()) tensor.dispose()
    this.#kept.clear()
  }

  #keep(key: string, make: () => TfTensor): TfTensor {
    const known = this.#kept.get(key)
    if (known) return known
    const tensor = this.#tf.keep(make())
    this.#kept.set(key, tensor)
    return tensor
  }
}
