/** The part of a TensorFlow.js tensor that is used here. */
export interface TfTensor {
  readonly shape: readonly number[]
  dispose(): void
  /** Waits for the device where the backend can; WebGPU cannot. */
  dataSync(): ArrayLike<number>
  data(): Promise<ArrayLike<number>>
}

export type TfDType = 'float32' | 'int32'

/**
 * The part of the namespace of TensorFlow.js that is used here, whichever package it comes from: the engine imports none of
 * them. Every function exists on all backends of 4.22 (cpu, webgpu, wasm, tensorflow).
 */
export interface TfNamespace {
  getBackend(): string
  tidy(run: () => TfTensor): TfTensor
  tidy(run: () => TfTensor[]): TfTensor[]
  keep(x: TfTensor): TfTensor
  clone(x: TfTensor): TfTensor
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype: TfDType): TfTensor
  reshape(x: TfTensor, shape: readonly number[]): TfTensor
  cast(x: TfTensor, dtype: TfDType): TfTensor
  tile(x: TfTensor, repetitions: readonly number[]): TfTensor
  concat(parts: readonly TfTensor[], axis: number): TfTensor
  slice(x: TfTensor, begin: readonly number[], size: readonly number[]): TfTensor
  pad(x: TfTensor, paddings: readonly (readonly [number, number])[]): TfTensor
  gather(table: TfTensor, ids: TfTensor): TfTensor
  /** Sums updates that have the same index. */
  scatterND(indices: TfTensor, updates: TfTensor, shape: readonly number[]): TfTensor
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor
  readonly fused: {
    matMul(call: { a: TfTensor; b: TfTensor; bias?: TfTensor; activation?: 'linear' | 'relu' | 'sigmoid' }): TfTensor
  }
  add(a: TfTensor, b: TfTensor): TfTensor
  sub(a: TfTensor, b: TfTensor): TfTensor
  mul(a: TfTensor, b: TfTensor): TfTensor
  div(a: TfTensor, b: TfTensor): TfTensor
  equal(a: TfTensor, b: TfTensor): TfTensor
  notEqual(a: TfTensor, b: TfTensor): TfTensor
  greater(a: TfTensor, b: TfTensor): TfTensor
  logicalAnd(a: TfTensor, b: TfTensor): TfTensor
  logicalOr(a: TfTensor, b: TfTensor): TfTensor
  isNaN(x: TfTensor): TfTensor
  where(condition: TfTensor, a: TfTensor, b: TfTensor): TfTensor
  clipByValue(x: TfTensor, min: number, max: number): TfTensor
  sum(x: TfTensor, axis?: number, keepDims?: boolean): TfTensor
  max(x: TfTensor, axis?: number, keepDims?: boolean): TfTensor
  softmax(x: TfTensor, axis?: number): TfTensor
  neg(x: TfTensor): TfTensor
  relu(x: TfTensor): TfTensor
  tanh(x: TfTensor): TfTensor
  sigmoid(x: TfTensor): TfTensor
  square(x: TfTensor): TfTensor
  exp(x: TfTensor): TfTensor
  log(x: TfTensor): TfTensor
  sqrt(x: TfTensor): TfTensor
  reciprocal(x: TfTensor): TfTensor
  softplus(x: TfTensor): TfTensor
  abs(x: TfTensor): TfTensor
  sign(x: TfTensor): TfTensor
}
