/** Eight floats. A mask says which of them exist. */
#include <immintrin.h>
#include <stddef.h>

#define LANES 8
#define ROWS 6
#define VECTOR __m256
#define MASK __m256i

#define first_lanes(count) _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define load(from) _mm256_loadu_ps(from)
#define load_masked(from, mask) _mm256_maskload_ps(from, mask)
#define store(to, x) _mm256_storeu_ps(to, x)
#define store_masked(to, mask, x) _mm256_maskstore_ps(to, mask, x)
#define splat(x) _mm256_set1_ps(x)
#define zero() _mm256_setzero_ps()
#define add(x, y) _mm256_add_ps(x, y)
#define sub(x, y) _mm256_sub_ps(x, y)
#define mul(x, y) _mm256_mul_ps(x, y)
#define divide(x, y) _mm256_div_ps(x, y)
#define fma(x, y, z) _mm256_fmadd_ps(x, y, z)
/** The second when one of both is NaN. */
#define max(x, y) _mm256_max_ps(x, y)
#define nearest(x) _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define magnitude(x) _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x)
#define with_sign_of(x, signed_one) _mm256_or_ps(x, _mm256_and_ps(signed_one, _mm256_set1_ps(-0.0f)))
/** x where `of` is negative, else y. */
#define where_negative(of, x, y) _mm256_blendv_ps(y, x, of)
/** 2 to the power of a whole n in -126 .. 127. */
#define power_of_two(n) \
  _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23))

/** Half a vector: the last columns of many a product fit into one. */
#define HALF_VECTOR __m128
#define HALF_MASK __m128i
#define first_half_lanes(count) _mm_cmpgt_epi32(_mm_set1_epi32((int)(count)), _mm_setr_epi32(0, 1, 2, 3))
#define load_half(from, mask) _mm_maskload_ps(from, mask)
#define store_half(to, mask, x) _mm_maskstore_ps(to, mask, x)
#define splat_half(x) _mm_set1_ps(x)
#define fma_half(x, y, z) _mm_fmadd_ps(x, y, z)

/** Sixteen floats, whatever the width of the vectors. */
struct sixteen {
  __m256 low;
  __m256 high;
};

static inline struct sixteen sixteen_zeros(void) { return (struct sixteen){_mm256_setzero_ps(), _mm256_setzero_ps()}; }

static inline struct sixteen load_sixteen(const float *from) {
  return (struct sixteen){_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)};
}

/** The first `count`, the rest zeros. */
static inline struct sixteen load_first(const float *from, ptrdiff_t count) {
  return (struct sixteen){
      _mm256_maskload_ps(from, first_lanes(count)),
      count > 8 ? _mm256_maskload_ps(from + 8, first_lanes(count - 8)) : _mm256_setzero_ps(),
  };
}

static inline struct sixteen add_product(struct sixteen x, struct sixteen y, struct sixteen sum) {
  return (struct sixteen){_mm256_fmadd_ps(x.low, y.low, sum.low), _mm256_fmadd_ps(x.high, y.high, sum.high)};
}

/** Sums of the lanes 0, 4, 8, 12; 1, 5, 9, 13; and so on. */
static inline __m128 four_sums(struct sixteen x) {
  const __m256 eight = _mm256_add_ps(x.low, x.high);
  return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}
