import { createRouter, createWebHashHistory } from 'vue-router'
import { rememberLastPage } from '../composables/last-page.ts'
import StartView from '../views/StartView.vue'

/** Hash history: the same addresses under app:// and http://, and a reload never asks a host for a path it does not have. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'start', component: StartView },
    { path: '/datasets', name: 'datasets', component: () => import('../views/DatasetsView.vue') },
    { path: '/datasets/import', name: 'import', component: () => import('../views/ImportView.vue') },
    { path: '/datasets/:id(\\d+)', name: 'dataset', component: () => import('../views/DatasetView.vue') },
    { path: '/train', name: 'train', component: () => import('../views/TrainView.vue') },
    { path: '/runs', name: 'runs', component: () => import('../views/RunsView.vue') },
    { path: '/runs/:id(\\d+)', name: 'run', component: () => import('../views/RunView.vue') },
    { path: '/compare', name: 'compare', component: () => import('../views/CompareView.vue') },
    { path: '/models', name: 'models', component: () => import('../views/ModelsView.vue') },
    { path: '/models/:id', name: 'model', component: () => import('../views/ModelView.vue') },
    { path: '/builder', name: 'builder', component: () => import('../views/BuilderView.vue') },
    { path: '/benchmarks', name: 'benchmarks', component: () => import('../views/BenchmarksView.vue') },
    { path: '/benchmarks/:recipe', name: 'benchmark', component: () => import('../views/BenchmarkView.vue') },
    { path: '/live', name: 'live', component: () => import('../views/LiveSessionsView.vue') },
    { path: '/live/new', name: 'live-new', component: () => import('../views/LiveNewView.vue') },
    { path: '/live/genre-test', name: 'live-genre-test', component: () => import('../views/LiveGenreTestView.vue') },
    { path: '/live/batch', name: 'live-batches', component: () => import('../views/LiveBatchesView.vue') },
    { path: '/live/batch/:id(\\d+)', name: 'live-batch', component: () => import('../views/LiveBatchView.vue') },
    { path: '/live/duel/new', name: 'live-duel-new', component: () => import('../views/LiveDuelNewView.vue') },
    { path: '/live/duel/:id(\\d+)', name: 'live-duel', component: () => import('../views/LiveDuelView.vue') },
    { path: '/live/compare', name: 'live-compare', component: () => import('../views/LiveCompareView.vue') },
    { path: '/live/:id(\\d+)/replay', name: 'live-replay', component: () => import('../views/LiveReplayView.vue') },
    { path: '/live/:id(\\d+)', name: 'live-panel', component: () => import('../views/LivePanelView.vue') },
    { path: '/settings', name: 'settings', component: () => import('../views/SettingsView.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('../views/MissingView.vue') },
  ],
})

/** When a page waits for its data, what takes the focus may appear late: it is looked for at these times. */
const focusTriesMs = [40, 150, 400, 900]

/**
 * After a change of page the focus goes to what the page offers next (`data-autofocus`), or to its heading: keyboard and
 * screen reader start where the new page starts. Whoever has moved the focus meanwhile keeps it.
 */
router.afterEach((to, from) => {
  if (to.path === from.path || from.matched.length === 0) return
  let ours: Element | null = null
  for (const tryMs of focusTriesMs) {
    setTimeout(() => {
      const active = document.activeElement
      if (router.currentRoute.value !== to || (active?.closest('main *, [data-keeps-focus]') && active !== ours)) return
      const target =
        document.querySelector<HTMLElement>('main [data-autofocus]') ?? document.querySelector<HTMLElement>('main h1')
      target?.focus({ preventScroll: true })
      ours = document.activeElement
    }, tryMs)
  }
})

rememberLastPage(router)
