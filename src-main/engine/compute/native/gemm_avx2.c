/** The products in vectors of eight: tiles of 6 x 16 sums. */
#include "vector_avx2.h"

#include "activations.h"
#include "blocks.h"
#include "thin.h"

void product_avx2(const struct product *product, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch) {
  if (is_thin(product)) multiply_thin(product, from, to);
  else multiply_block(product, from, to, scratch);
}
