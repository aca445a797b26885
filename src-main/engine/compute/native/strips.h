#ifndef PALATE_STRIPS_H
#define PALATE_STRIPS_H

#include "product.h"

/** Threads that share the strips of one product after the other. */
struct team;

/** @returns a team of the caller alone, or NULL when there is no memory for it */
struct team *team_create(product_kernel kernel);
/** Ends its helpers and frees it. */
void team_destroy(struct team *team);
void team_use(struct team *team, product_kernel kernel);

/**
 * Lets `threads` compute, the caller among them. Helpers that ran before are ended.
 * @returns how many do; fewer than asked for when the system gives no more
 */
uint32_t team_start(struct team *team, uint32_t threads);

/** Carries out one product; returns when all its strips are finished. */
void team_multiply(struct team *team, const struct product *product);

#endif
