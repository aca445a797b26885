/** Sixteen floats. A mask says which of them exist. */
#include <immintrin.h>
#include <stddef.h>

#define LANES 16
#define ROWS 14
#define VECTOR __m512
#define MASK __mmask16

#define first_lanes(count) ((MASK)((1u << (count)) - 1u))
#define load(from) _mm512_loadu_ps(from)
#define load_masked(from, mask) _mm512_maskz_loadu_ps(mask, from)
#define store(to, x) _mm512_storeu_ps(to, x)
#define store_masked(to, mask, x) _mm512_mask_storeu_ps(to, mask, x)
#define splat(x) _mm512_set1_ps(x)
#define zero() _mm512_setzero_ps()
#define add(x, y) _mm512_add_ps(x, y)
#define sub(x, y) _mm512_sub_ps(x, y)
#define mul(x, y) _mm512_mul_ps(x, y)
#define divide(x, y) _mm512_div_ps(x, y)
#define fma(x, y, z) _mm512_fmadd_ps(x, y, z)
/** The second when one of both is NaN. */
#define max(x, y) _mm512_max_ps(x, y)
#define nearest(x) _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define magnitude(x) _mm512_abs_ps(x)
#define with_sign_of(x, signed_one) \
  _mm512_or_ps(x, _mm512_and_ps(signed_one, _mm512_castsi512_ps(_mm512_set1_epi32((int)0x80000000u))))
/** x where `of` is negative, else y. */
#define where_negative(of, x, y) _mm512_mask_blend_ps(_mm512_movepi32_mask(_mm512_castps_si512(of)), y, x)
/** 2 to the power of a whole n in -126 .. 127. */
#define power_of_two(n) \
  _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127)), 23))

/** Half a vector: the last columns of many a product fit into one, and it is computed twice as fast. */
#define HALF_VECTOR __m256
#define HALF_MASK __mmask8
#define first_half_lanes(count) ((HALF_MASK)((1u << (count)) - 1u))
#define load_half(from, mask) _mm256_maskz_loadu_ps(mask, from)
#define store_half(to, mask, x) _mm256_mask_storeu_ps(to, mask, x)
#define splat_half(x) _mm256_set1_ps(x)
#define fma_half(x, y, z) _mm256_fmadd_ps(x, y, z)

/** Sixteen floats, whatever the width of the vectors. */
struct sixteen {
  __m512 all;
};

static inline struct sixteen sixteen_zeros(void) { return (struct sixteen){_mm512_setzero_ps()}; }

static inline struct sixteen load_sixteen(const float *from) { return (struct sixteen){_mm512_loadu_ps(from)}; }

/** The first `count`, the rest zeros. */
static inline struct sixteen load_first(const float *from, ptrdiff_t count) {
  return (struct sixteen){_mm512_maskz_loadu_ps(first_lanes(count), from)};
}

static inline struct sixteen add_product(struct sixteen x, struct sixteen y, struct sixteen sum) {
  return (struct sixteen){_mm512_fmadd_ps(x.all, y.all, sum.all)};
}

/** Sums of the lanes 0, 4, 8, 12; 1, 5, 9, 13; and so on. */
static inline __m128 four_sums(struct sixteen x) {
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x.all), _mm512_extractf32x8_ps(x.all, 1));
  return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}
