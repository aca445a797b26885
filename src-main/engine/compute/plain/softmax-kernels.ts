import type { PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'

function softmaxRow(out: Float32Array, logits: Float32Array, start: number, end: number): void {
  let largest = -Infinity
  for (let index = start; index < end; index++) if (logits[index]! > largest) largest = logits[index]!
  let total = 0
  for (let index = start; index < end; index++) {
    const weight = Math.exp(logits[index]! - largest)
    out[index] = weight
    total += weight
  }
  for (let index = start; index < end; index++) out[index] = out[index]! / total
}

function maskedSoftmaxRow(out: Float32Array, logits: Float32Array, mask: Float32Array, start: number, end: number): void {
  let largest = -Infinity
  let open = 0
  for (let index = start; index < end; index++) {
    if (mask[index] === 0) continue
    open++
    if (logits[index]! > largest) largest = logits[index]!
  }
  if (open === 0) {
    out.fill(0, start, end)
    return
  }
  let total = 0
  for (let index = start; index < end; index++) {
    const weight = mask[index] === 0 ? 0 : Math.exp(logits[index]! - largest)
    out[index] = weight
    total += weight
  }
  for (let index = start; index < end; index++) out[index] = out[index]! / total
}

export const softmaxKernels: PlainKernels = {
  softmax(out, inputs, node) {
    const logits = inputs[0]!
    const width = widthOf(node)
    if (inputs.length === 1) {
      for (let start = 0; start < out.length; start += width) softmaxRow(out, logits, start, start + width)
      return
    }
    const mask = inputs[1]!
    for (let start = 0; start < out.length; start += width) maskedSoftmaxRow(out, logits, mask, start, start + width)
  },

  softmaxGrad(out, inputs, node) {
    const upstream = inputs[0]!
    const y = inputs[1]!
    const width = widthOf(node)
    for (let start = 0; start < out.length; start += width) {
      const end = start + width
      let total = 0
      for (let index = start; index < end; index++) total += upstream[index]! * y[index]!
      for (let index = start; index < end; index++) out[index] = y[index]! * (upstream[index]! - total)
    }
  },

  logSoftmax(out, inputs, node) {
    const logits = inputs[0]!
    const width = widthOf(node)
    for (let start = 0; start < out.length; start += width) {
      const end = start + width
      let largest = -Infinity
      for (let index = start; index < end; index++) if (logits[index]! > largest) largest = logits[index]!
      let total = 0
      for (let index = start; index < end; index++) total += Math.exp(logits[index]! - largest)
      const shift = largest + Math.log(total)
      for (let index = start; index < end; index++) out[index] = logits[index]! - shift
    }
  },

  logSoftmaxGrad(out, inputs, node) {
    const upstream = inputs[0]!
    const y = inputs[1]!
    const width = widthOf(node)
    for (let start = 0; start < out.length; start += width) {
      const end = start + width
      let total = 0
      for (let index = start; index < end; index++) total += upstream[index]!
      for (let index = start; index < end; index++) out[index] = upstream[index]! - Math.exp(y[index]!) * total
    }
  },
}
