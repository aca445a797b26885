import { add, addScalar, clip, clipGrad, mul, scale, sub, unary, unaryGrad, where } from './elementwise'
import { mfEpoch, svdppEpoch } from './factorisation'
import { gather, pickLast, placeLast, scatterRows } from './gather'
import { gemm } from './gemm'
import { maxRows, maxRowsGrad } from './maxima'
import { adagrad, adam, allFinite, approach, rmsprop, scaleAll, sgd, sumOfSquares } from './passes'
import { addRows, outerRows, rowDot, scaleRows, sumLeading, sumRows, weightedSum } from './rows'
import { copyColumns, expandLast, expandLeading, expandRows, fill, sumLast } from './shaping'
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from './softmax'
import {
  OP_ADAGRAD,
  OP_ADAM,
  OP_ADD,
  OP_ADD_ROWS,
  OP_ADD_SCALAR,
  OP_ALL_FINITE,
  OP_APPROACH,
  OP_CLIP,
  OP_CLIP_GRAD,
  OP_COPY_COLUMNS,
  OP_EXPAND_LAST,
  OP_EXPAND_LEADING,
  OP_EXPAND_ROWS,
  OP_FILL,
  OP_GATHER,
  OP_GEMM,
  OP_LOG_SOFTMAX,
  OP_LOG_SOFTMAX_GRAD,
  OP_MAX_ROWS,
  OP_MAX_ROWS_GRAD,
  OP_MF_EPOCH,
  OP_MUL,
  OP_OUTER_ROWS,
  OP_PICK_LAST,
  OP_PLACE_LAST,
  OP_RMSPROP,
  OP_ROW_DOT,
  OP_SCALE,
  OP_SCALE_ALL,
  OP_SCALE_ROWS,
  OP_SCATTER_ROWS,
  OP_SGD,
  OP_SOFTMAX,
  OP_SOFTMAX_GRAD,
  OP_SUB,
  OP_SUM_LAST,
  OP_SUM_LEADING,
  OP_SUM_OF_SQUARES,
  OP_SUM_ROWS,
  OP_SVDPP_EPOCH,
  OP_UNARY,
  OP_UNARY_GRAD,
  OP_WEIGHTED_SUM,
  OP_WHERE,
} from '../opcodes'

/** Carries out units `from` .. `to` - 1 of an instruction. */
export function dispatch(instruction: usize, from: i32, to: i32): void {
  switch (load<i32>(instruction)) {
    case OP_GEMM:
      gemm(instruction, from, to)
      break
    case OP_ADD:
      add(instruction, from, to)
      break
    case OP_SUB:
      sub(instruction, from, to)
      break
    case OP_MUL:
      mul(instruction, from, to)
      break
    case OP_SCALE:
      scale(instruction, from, to)
      break
    case OP_ADD_SCALAR:
      addScalar(instruction, from, to)
      break
    case OP_CLIP:
      clip(instruction, from, to)
      break
    case OP_CLIP_GRAD:
      clipGrad(instruction, from, to)
      break
    case OP_WHERE:
      where(instruction, from, to)
      break
    case OP_UNARY:
      unary(instruction, from, to)
      break
    case OP_UNARY_GRAD:
      unaryGrad(instruction, from, to)
      break
    case OP_COPY_COLUMNS:
      copyColumns(instruction, from, to)
      break
    case OP_FILL:
      fill(instruction, from, to)
      break
    case OP_GATHER:
      gather(instruction, from, to)
      break
    case OP_SCATTER_ROWS:
      scatterRows(instruction, from, to)
      break
    case OP_PICK_LAST:
      pickLast(instruction, from, to)
      break
    case OP_PLACE_LAST:
      placeLast(instruction, from, to)
      break
    case OP_SOFTMAX:
      softmax(instruction, from, to)
      break
    case OP_SOFTMAX_GRAD:
      softmaxGrad(instruction, from, to)
      break
    case OP_LOG_SOFTMAX:
      logSoftmax(instruction, from, to)
      break
    case OP_LOG_SOFTMAX_GRAD:
      logSoftmaxGrad(instruction, from, to)
      break
    case OP_WEIGHTED_SUM:
      weightedSum(instruction, from, to)
      break
    case OP_ROW_DOT:
      rowDot(instruction, from, to)
      break
    case OP_OUTER_ROWS:
      outerRows(instruction, from, to)
      break
    case OP_ADD_ROWS:
      addRows(instruction, from, to)
      break
    case OP_SCALE_ROWS:
      scaleRows(instruction, from, to)
      break
    case OP_EXPAND_ROWS:
      expandRows(instruction, from, to)
      break
    case OP_SUM_ROWS:
      sumRows(instruction, from, to)
      break
    case OP_MAX_ROWS:
      maxRows(instruction, from, to)
      break
    case OP_MAX_ROWS_GRAD:
      maxRowsGrad(instruction, from, to)
      break
    case OP_SUM_LAST:
      sumLast(instruction, from, to)
      break
    case OP_EXPAND_LAST:
      expandLast(instruction, from, to)
      break
    case OP_SUM_LEADING:
      sumLeading(instruction, from, to)
      break
    case OP_EXPAND_LEADING:
      expandLeading(instruction, from, to)
      break
    case OP_ADAM:
      adam(instruction, from, to)
      break
    case OP_SGD:
      sgd(instruction, from, to)
      break
    case OP_ADAGRAD:
      adagrad(instruction, from, to)
      break
    case OP_RMSPROP:
      rmsprop(instruction, from, to)
      break
    case OP_APPROACH:
      approach(instruction, from, to)
      break
    case OP_SCALE_ALL:
      scaleAll(instruction, from, to)
      break
    case OP_SUM_OF_SQUARES:
      sumOfSquares(instruction, from, to)
      break
    case OP_ALL_FINITE:
      allFinite(instruction, from, to)
      break
    case OP_MF_EPOCH:
      mfEpoch(instruction, from, to)
      break
    case OP_SVDPP_EPOCH:
      svdppEpoch(instruction, from, to)
      break
    default:
      unreachable()
  }
}
