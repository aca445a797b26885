/**
 * The numbers by which instructions name their kernel. Read by TypeScript and by AssemblyScript, so: plain constants only.
 * A new kernel gets the next free number; `assembly/run.ts` dispatches on it.
 */
export const OP_GEMM = 1
export const OP_ADD = 2
export const OP_SUB = 3
export const OP_MUL = 4
export const OP_SCALE = 5
export const OP_ADD_SCALAR = 6
export const OP_CLIP = 7
export const OP_CLIP_GRAD = 8
export const OP_WHERE = 9
export const OP_UNARY = 10
export const OP_UNARY_GRAD = 11
export const OP_COPY_COLUMNS = 12
export const OP_FILL = 13
export const OP_GATHER = 14
export const OP_SCATTER_ROWS = 15
export const OP_PICK_LAST = 16
export const OP_PLACE_LAST = 17
export const OP_SOFTMAX = 18
export const OP_SOFTMAX_GRAD = 19
export const OP_LOG_SOFTMAX = 20
export const OP_LOG_SOFTMAX_GRAD = 21
export const OP_WEIGHTED_SUM = 22
export const OP_ROW_DOT = 23
export const OP_OUTER_ROWS = 24
export const OP_ADD_ROWS = 25
export const OP_SCALE_ROWS = 26
export const OP_EXPAND_ROWS = 27
export const OP_SUM_ROWS = 28
export const OP_MAX_ROWS = 29
export const OP_MAX_ROWS_GRAD = 30
export const OP_SUM_LAST = 31
export const OP_EXPAND_LAST = 32
export const OP_SUM_LEADING = 33
export const OP_EXPAND_LEADING = 34
export const OP_ADAM = 40
export const OP_SGD = 41
export const OP_ADAGRAD = 42
export const OP_RMSPROP = 43
export const OP_APPROACH = 44
export const OP_SCALE_ALL = 45
export const OP_SUM_OF_SQUARES = 46
export const OP_ALL_FINITE = 47
export const OP_MF_EPOCH = 50
export const OP_SVDPP_EPOCH = 51
