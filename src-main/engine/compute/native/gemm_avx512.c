/** The products in vectors of sixteen: tiles of 14 x 32 sums. */
#include "vector_avx512.h"

#include "activations.h"
#include "blocks.h"
#include "thin.h"

void product_avx512(const struct product *product, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch) {
  if (is_thin(product)) multiply_thin(product, from, to);
  else multiply_block(product, from, to, scratch);
}
