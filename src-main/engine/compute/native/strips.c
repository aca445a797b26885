/**
 * Sharing a product among threads, by the protocol of ../kernels/assembly/run.ts: a strip is taken by raising "strips taken"
 * with one compare-and-exchange of the whole state, which fails when the product has changed meanwhile; so a late helper
 * can neither compute a strip twice nor one of a product that is over. The caller goes on when all strips are finished, and
 * does every strip itself that nobody else takes: a helper that is slow or never scheduled delays nothing that it has not
 * begun.
 */
#include "strips.h"

#include <immintrin.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/** How often an idle thread looks before it sleeps: some tens of microseconds, never a busy wait on a loaded machine. */
#define LOOKS 2000
#define MOST_HELPERS 255

struct helper {
  struct team *team;
  pthread_t thread;
  struct scratch *scratch;
};

struct team {
  /** Epoch (32 bits), strips of the present product (16), strips taken (16). */
  _Alignas(64) _Atomic uint64_t state;
  _Alignas(64) _Atomic uint32_t finished;
  /** Lines of their own: they are read often and seldom written. */
  _Alignas(64) _Atomic bool caller_sleeps;
  _Atomic uint32_t sleeping_helpers;
  _Atomic bool ends;
  /** Written by the caller while no strip is taken or left; read by who has taken a strip. */
  _Alignas(64) struct product product;
  product_kernel kernel;
  uint32_t epoch;
  pthread_mutex_t mutex;
  pthread_cond_t has_work;
  pthread_cond_t is_finished;
  struct scratch *scratch;
  uint32_t helper_count;
  struct helper helpers[MOST_HELPERS];
};

static uint32_t taken_in(uint64_t state) { return (uint32_t)(state & 0xffff); }
static uint32_t strips_in(uint64_t state) { return (uint32_t)(state >> 16 & 0xffff); }

static bool has_strips(struct team *team) {
  const uint64_t state = atomic_load(&team->state);
  return taken_in(state) < strips_in(state);
}

static void run_strip(struct team *team, uint32_t strip, struct scratch *scratch) {
  const struct product *p = &team->product;
  const ptrdiff_t grains = (p->units + p->grain - 1) / p->grain;
  const ptrdiff_t from = grains * strip / p->strips * p->grain;
  const ptrdiff_t end = grains * (strip + 1) / p->strips * p->grain;
  const ptrdiff_t to = end < p->units ? end : p->units;
  if (from < to) team->kernel(p, from, to, scratch);
}

/** Computes one strip of the present product. @returns false when there is none left to take */
static bool take_strip(struct team *team, struct scratch *scratch) {
  uint64_t state = atomic_load(&team->state);
  const uint32_t taken = taken_in(state);
  const uint32_t strips = strips_in(state);
  if (taken >= strips) return false;
  if (!atomic_compare_exchange_strong(&team->state, &state, state + 1)) return true;
  run_strip(team, taken, scratch);
  const uint32_t finished = atomic_fetch_add(&team->finished, 1) + 1;
  if (finished == strips && atomic_load(&team->caller_sleeps)) {
    pthread_mutex_lock(&team->mutex);
    pthread_cond_signal(&team->is_finished);
    pthread_mutex_unlock(&team->mutex);
  }
  return true;
}

static void sleep_until_work(struct team *team) {
  pthread_mutex_lock(&team->mutex);
  atomic_fetch_add(&team->sleeping_helpers, 1);
  while (!has_strips(team) && !atomic_load(&team->ends)) pthread_cond_wait(&team->has_work, &team->mutex);
  atomic_fetch_sub(&team->sleeping_helpers, 1);
  pthread_mutex_unlock(&team->mutex);
}

static void *help(void *argument) {
  struct helper *helper = argument;
  struct team *team = helper->team;
  uint32_t look = 0;
  while (!atomic_load(&team->ends)) {
    if (take_strip(team, helper->scratch)) {
      look = 0;
    } else if (++look < LOOKS) {
      _mm_pause();
    } else {
      look = 0;
      sleep_until_work(team);
    }
  }
  return NULL;
}

static void wait_until_finished(struct team *team, uint32_t strips) {
  for (uint32_t look = 0; look < LOOKS; look++) {
    if (atomic_load(&team->finished) == strips) return;
    _mm_pause();
  }
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->caller_sleeps, true);
  while (atomic_load(&team->finished) != strips) pthread_cond_wait(&team->is_finished, &team->mutex);
  atomic_store(&team->caller_sleeps, false);
  pthread_mutex_unlock(&team->mutex);
}

void team_multiply(struct team *team, const struct product *product) {
  if (product->strips == 1 || team->helper_count == 0) {
    team->kernel(product, 0, product->units, team->scratch);
    return;
  }
  team->product = *product;
  atomic_store(&team->finished, 0);
  team->epoch++;
  atomic_store(&team->state, (uint64_t)team->epoch << 32 | (uint64_t)product->strips << 16);
  if (atomic_load(&team->sleeping_helpers) > 0) {
    pthread_mutex_lock(&team->mutex);
    pthread_cond_broadcast(&team->has_work);
    pthread_mutex_unlock(&team->mutex);
  }
  while (take_strip(team, team->scratch)) {
  }
  wait_until_finished(team, product->strips);
}

static struct scratch *scratch_create(void) {
  struct scratch *scratch = aligned_alloc(64, sizeof(struct scratch));
  if (scratch) memset(scratch, 0, sizeof *scratch);
  return scratch;
}

struct team *team_create(product_kernel kernel) {
  struct team *team = aligned_alloc(64, sizeof(struct team));
  if (!team) return NULL;
  memset(team, 0, sizeof *team);
  team->kernel = kernel;
  team->scratch = scratch_create();
  if (!team->scratch) {
    free(team);
    return NULL;
  }
  pthread_mutex_init(&team->mutex, NULL);
  pthread_cond_init(&team->has_work, NULL);
  pthread_cond_init(&team->is_finished, NULL);
  return team;
}

static void end_helpers(struct team *team) {
  pthread_mutex_lock(&team->mutex);
  atomic_store(&team->ends, true);
  pthread_cond_broadcast(&team->has_work);
  pthread_mutex_unlock(&team->mutex);
  for (uint32_t i = 0; i < team->helper_count; i++) {
    pthread_join(team->helpers[i].thread, NULL);
    free(team->helpers[i].scratch);
  }
  team->helper_count = 0;
  atomic_store(&team->ends, false);
}

void team_destroy(struct team *team) {
  end_helpers(team);
  pthread_cond_destroy(&team->is_finished);
  pthread_cond_destroy(&team->has_work);
  pthread_mutex_destroy(&team->mutex);
  free(team->scratch);
  free(team);
}

void team_use(struct team *team, product_kernel kernel) { team->kernel = kernel; }

static bool add_helper(struct team *team) {
  struct helper *helper = &team->helpers[team->helper_count];
  helper->team = team;
  helper->scratch = scratch_create();
  if (!helper->scratch) return false;
  if (pthread_create(&helper->thread, NULL, help, helper) == 0) {
    team->helper_count++;
    return true;
  }
  free(helper->scratch);
  return false;
}

uint32_t team_start(struct team *team, uint32_t threads) {
  end_helpers(team);
  // Signals are the host's business: its own thread must receive them.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->helper_count + 1 < threads && team->helper_count < MOST_HELPERS && add_helper(team)) {
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return team->helper_count + 1;
}
