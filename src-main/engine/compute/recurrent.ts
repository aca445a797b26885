import type { GraphBuilder } from './graph-builder.ts'
import type { GraphNode } from './types.ts'

/** States of all steps [B, n, h], and the last [B, h]. */
export interface Unrolled {
  readonly all: GraphNode
  readonly last: GraphNode
}

export interface LstmState {
  /** [B, h]: what other layers see. */
  readonly hidden: GraphNode
  /** [B, h]: what is carried along. */
  readonly cell: GraphNode
}

/**
 * One step of a gated recurrent unit (Cho et al. 2014): input x [B, k], state h [B, h] -> new state [B, h].
 *
 *   z = sigmoid(x Wz + h Uz + bz)          update gate: how much of the state stays
 *   r = sigmoid(x Wr + h Ur + br)          reset gate: how much of it the candidate sees
 *   c = tanh(x Wc + (r * h) Uc + bc)       candidate
 *   h' = z * h + (1 - z) * c
 *
 * The reset gate acts on the state before its product with Uc, as in the paper and as `resetAfter: false` does in the
 * layers of TensorFlow; cuDNN's variant acts after it and has other weights.
 *
 * Parameters: NAME.inputWeight [k, 3h] (z, r, c side by side), NAME.bias [3h], NAME.gateWeight [h, 2h] (z, r),
 * NAME.candidateWeight [h, h].
 * @throws GraphError if the shapes do not fit
 */
export function gruCell(g: GraphBuilder, name: string, x: GraphNode, state: GraphNode): GraphNode {
  return g.scope(name, () => gruStep(g, name, gruInput(g, name, x, widthOf(state)), state))
}

/** x [.., k] -> [.., 3h]: the part that does not depend on the state, for one step or for all at once. */
function gruInput(g: GraphBuilder, name: string, x: GraphNode, h: number): GraphNode {
  return g.linear(x, g.parameter(`${name}.inputWeight`, [widthOf(x), 3 * h]), g.parameter(`${name}.bias`, [3 * h]))
}

function gruStep(g: GraphBuilder, name: string, input: GraphNode, state: GraphNode): GraphNode {
  const h = widthOf(state)
  const gates = g.sigmoid(g.add(g.slice(input, 0, 2 * h), g.matmul(state, g.parameter(`${name}.gateWeight`, [h, 2 * h]))))
  const update = g.slice(gates, 0, h)
  const seen = g.mul(g.slice(gates, h, h), state)
  const recurrent = g.matmul(seen, g.parameter(`${name}.candidateWeight`, [h, h]))
  const candidate = g.tanh(g.add(g.slice(input, 2 * h, h), recurrent))
  // z h + (1 - z) c, with one product less.
  return g.add(candidate, g.mul(update, g.sub(state, candidate)))
}

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997) with a forget gate (Gers et al. 2000), without
 * peepholes: input x [B, k], state of width h -> new state.
 *
 *   i = sigmoid(x Wi + h Ui + bi)    o = sigmoid(x Wo + h Uo + bo)    f = sigmoid(x Wf + h Uf + bf)
 *   c' = f * c + i * tanh(x Wc + h Uc + bc)
 *   h' = o * tanh(c')
 *
 * Parameters: NAME.inputWeight [k, 4h] and NAME.stateWeight [h, 4h] (i, c, o, f side by side), NAME.bias [3h] (i, c, o),
 * NAME.forgetBias [h], which starts at 1 so that a new unit remembers.
 * @throws GraphError if the shapes do not fit
 */
export function lstmCell(g: GraphBuilder, name: string, x: GraphNode, state: LstmState): LstmState {
  return g.scope(name, () => lstmStep(g, name, lstmInput(g, name, x, widthOf(state.hidden)), state))
}

function lstmInput(g: GraphBuilder, name: string, x: GraphNode, h: number): GraphNode {
  const bias = g.concat([
    g.parameter(`${name}.bias`, [3 * h]),
    g.parameter(`${name}.forgetBias`, [h], { kind: 'constant', value: 1 }),
  ])
  return g.linear(x, g.parameter(`${name}.inputWeight`, [widthOf(x), 4 * h]), bias)
}

function lstmStep(g: GraphBuilder, name: string, input: GraphNode, { hidden, cell }: LstmState): LstmState {
  const h = widthOf(hidden)
  const sums = g.add(input, g.matmul(hidden, g.parameter(`${name}.stateWeight`, [h, 4 * h])))
  const gate = (index: number): GraphNode => g.sigmoid(g.slice(sums, index * h, h))
  const candidate = g.tanh(g.slice(sums, h, h))
  const carried = g.add(g.mul(gate(3), cell), g.mul(gate(0), candidate))
  return { hidden: g.mul(gate(2), g.tanh(carried)), cell: carried }
}

/**
 * A GRU over a sequence x [B, n, k], from a state of zeros; the input's part of all steps is one product.
 * @param h width of the state
 * @param mask [B, n]: where it is 0 the step is padding, and the state is carried on as it is; default: no padding.
 *   With padding at the end, `last` is the state after the last real step
 */
export function unrollGru(g: GraphBuilder, name: string, x: GraphNode, h: number, mask?: GraphNode): Unrolled {
  return g.scope(name, () => {
    const [batch, n] = x.shape as [number, number, number]
    const inputs = g.reshape(gruInput(g, name, withoutPadding(g, x, mask), h), [batch, n * 3 * h])
    let state = g.constant(0, [batch, h])
    const states: GraphNode[] = []
    for (let step = 0; step < n; step++) {
      const next = gruStep(g, name, g.slice(inputs, step * 3 * h, 3 * h), state)
      state = mask ? carryOn(g, mask, step, next, state) : next
      states.push(state)
    }
    return { all: stacked(g, states, [batch, n, h]), last: state }
  })
}

/** An LSTM over a sequence, as `unrollGru`; `all` and `last` are hidden states. */
export function unrollLstm(g: GraphBuilder, name: string, x: GraphNode, h: number, mask?: GraphNode): Unrolled {
  return g.scope(name, () => {
    const [batch, n] = x.shape as [number, number, number]
    const inputs = g.reshape(lstmInput(g, name, withoutPadding(g, x, mask), h), [batch, n * 4 * h])
    const zeros = g.constant(0, [batch, h])
    let state: LstmState = { hidden: zeros, cell: zeros }
    const states: GraphNode[] = []
    for (let step = 0; step < n; step++) {
      const next = lstmStep(g, name, g.slice(inputs, step * 4 * h, 4 * h), state)
      state = mask
        ? {
            hidden: carryOn(g, mask, step, next.hidden, state.hidden),
            cell: carryOn(g, mask, step, next.cell, state.cell),
          }
        : next
      states.push(state.hidden)
    }
    return { all: stacked(g, states, [batch, n, h]), last: state.hidden }
  })
}

/** Zeros in place of what stands in padded steps: NaN there would otherwise reach the gradient, as 0 times NaN. */
function withoutPadding(g: GraphBuilder, x: GraphNode, mask: GraphNode | undefined): GraphNode {
  return mask ? g.where(g.expandLast(mask, widthOf(x)), x, g.constant(0, x.shape)) : x
}

/** `next` where the step is real, `state` where it is padding. */
function carryOn(g: GraphBuilder, mask: GraphNode, step: number, next: GraphNode, state: GraphNode): GraphNode {
  const batch = state.shape[0]!
  const real = g.expandLast(g.reshape(g.slice(mask, step, 1), [batch]), widthOf(state))
  return g.where(real, next, state)
}

function stacked(g: GraphBuilder, states: readonly GraphNode[], shape: readonly [number, number, number]): GraphNode {
  return g.reshape(g.concat(states), shape)
}

function widthOf(node: GraphNode): number {
  return node.shape[node.shape.length - 1]!
}
