/**
 * Constants of loops, as addresses of vectors. The engine builds a vector constant anew wherever one is used, in three or four
 * instructions, but reads a vector from memory within the operation that needs it: with these, exp takes half the time.
 */

/** e^r - 1 from the highest power down to the second; relative error 2e-8. */
export const EXPM1 = memory.data<f32>(
  [
    0.00138825085, 0.00138825085, 0.00138825085, 0.00138825085, 0.008366557769, 0.008366557769, 0.008366557769, 0.008366557769,
    0.04166720062, 0.04166720062, 0.04166720062, 0.04166720062, 0.1666654348, 0.1666654348, 0.1666654348, 0.1666654348,
    0.4999999702, 0.4999999702, 0.4999999702, 0.4999999702,
  ],
  16,
)

/** ln(1 + f) from the highest power down to the second; relative error 4e-8. */
export const LOG1P = memory.data<f32>(
  [
    0.08734829724, 0.08734829724, 0.08734829724, 0.08734829724, -0.1430751681, -0.1430751681, -0.1430751681, -0.1430751681,
    0.1491797566, 0.1491797566, 0.1491797566, 0.1491797566, -0.1657050848, -0.1657050848, -0.1657050848, -0.1657050848,
    0.1996207237, 0.1996207237, 0.1996207237, 0.1996207237, -0.2500175536, -0.2500175536, -0.2500175536, -0.2500175536,
    0.3333395123, 0.3333395123, 0.3333395123, 0.3333395123, -0.4999999106, -0.4999999106, -0.4999999106, -0.4999999106,
  ],
  16,
)

/** 1.5 x 2^23: a small number added to it is rounded to an integer, which then stands in the lowest bits. */
export const ROUNDER = memory.data<f32>([12582912, 12582912, 12582912, 12582912], 16)
export const ROUNDER_BITS = memory.data<u32>([0x4b400000, 0x4b400000, 0x4b400000, 0x4b400000], 16)
export const LOG2_E = memory.data<f32>([1.44269504, 1.44269504, 1.44269504, 1.44269504], 16)
export const LN2 = memory.data<f32>([0.6931471806, 0.6931471806, 0.6931471806, 0.6931471806], 16)
/** -ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact. */
export const MINUS_LN2_HIGH = memory.data<f32>([-0.693359375, -0.693359375, -0.693359375, -0.693359375], 16)
export const MINUS_LN2_LOW = memory.data<f32>([0.00021219444, 0.00021219444, 0.00021219444, 0.00021219444], 16)
/** Arguments beyond these give Infinity and 0. */
export const EXP_MOST = memory.data<f32>([90, 90, 90, 90], 16)
export const EXP_LEAST = memory.data<f32>([-105, -105, -105, -105], 16)
/** Nothing of e^-40 is left beside 1. */
export const TANH_LEAST = memory.data<f32>([-40, -40, -40, -40], 16)
export const MINUS_TWO = memory.data<f32>([-2, -2, -2, -2], 16)
export const HALF = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16)
export const ONE = memory.data<f32>([1, 1, 1, 1], 16)
export const TWO = memory.data<f32>([2, 2, 2, 2], 16)
export const SQRT2_MINUS_1 = memory.data<f32>([0.41421354, 0.41421354, 0.41421354, 0.41421354], 16)
export const LEAST_NORMAL = memory.data<f32>([1.17549435e-38, 1.17549435e-38, 1.17549435e-38, 1.17549435e-38], 16)
export const TWO_TO_23 = memory.data<f32>([8388608, 8388608, 8388608, 8388608], 16)

/** Of a float32: the size of its fraction, its bits, the bias of the exponent and the sign. */
export const FRACTION_SIZE = memory.data<u32>([23, 23, 23, 23], 16)
export const FRACTION = memory.data<u32>([0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff], 16)
export const BIAS = memory.data<u32>([127, 127, 127, 127], 16)
export const SIGN = memory.data<u32>([0x80000000, 0x80000000, 0x80000000, 0x80000000], 16)
export const SQRT_HALF_BITS = memory.data<u32>([0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3], 16)
export const INFINITY = memory.data<u32>([0x7f800000, 0x7f800000, 0x7f800000, 0x7f800000], 16)
export const MINUS_INFINITY = memory.data<u32>([0xff800000, 0xff800000, 0xff800000, 0xff800000], 16)
export const NOT_A_NUMBER = memory.data<u32>([0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7fc00000], 16)
