/** Transposing copies by squares of four, which is as fast as larger ones: the shuffles are the limit, and as many. */
#ifndef PALATE_TRANSPOSE_H
#define PALATE_TRANSPOSE_H

#include <immintrin.h>
#include <stddef.h>

/** to[column][row] = from[row][column]; strides in elements. */
static void transpose(
    const float *from, ptrdiff_t from_stride, ptrdiff_t rows, ptrdiff_t columns, float *to, ptrdiff_t to_stride) {
  ptrdiff_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const float *r0 = from + row * from_stride;
    const float *r1 = r0 + from_stride;
    const float *r2 = r1 + from_stride;
    const float *r3 = r2 + from_stride;
    float *target = to + row;
    ptrdiff_t column = 0;
    for (; column + 4 <= columns; column += 4, target += 4 * to_stride) {
      __m128 x0 = _mm_loadu_ps(r0 + column);
      __m128 x1 = _mm_loadu_ps(r1 + column);
      __m128 x2 = _mm_loadu_ps(r2 + column);
      __m128 x3 = _mm_loadu_ps(r3 + column);
      _MM_TRANSPOSE4_PS(x0, x1, x2, x3);
      _mm_storeu_ps(target, x0);
      _mm_storeu_ps(target + to_stride, x1);
      _mm_storeu_ps(target + 2 * to_stride, x2);
      _mm_storeu_ps(target + 3 * to_stride, x3);
    }
    for (; column < columns; column++, target += to_stride) {
      target[0] = r0[column];
      target[1] = r1[column];
      target[2] = r2[column];
      target[3] = r3[column];
    }
  }
  for (; row < rows; row++) {
    for (ptrdiff_t column = 0; column < columns; column++) to[column * to_stride + row] = from[row * from_stride + column];
  }
}

#endif
