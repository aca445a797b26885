/** The numbers by which instructions name a unary function. Read by TypeScript and by AssemblyScript, so: plain constants only. */
export const UNARY_RELU = 0
export const UNARY_TANH = 1
export const UNARY_SIGMOID = 2
export const UNARY_SQUARE = 3
export const UNARY_EXP = 4
export const UNARY_LOG = 5
export const UNARY_SQRT = 6
export const UNARY_RECIPROCAL = 7
export const UNARY_SOFTPLUS = 8
export const UNARY_ABS = 9
