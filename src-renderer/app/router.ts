import { createRouter, createWebHashHistory } from 'vue-router'
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
    { path: '/settings', name: 'settings', component: () => import('../views/SettingsView.vue') },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('../views/MissingView.vue') },
  ],
})

/** After a change of page the heading takes the focus: keyboard and screen reader start where the new page starts. */
router.afterEach((to, from) => {
  if (to.path === from.path || from.matched.length === 0) return
  setTimeout(() => {
    const heading = document.querySelector<HTMLElement>('main h1')
    if (!document.activeElement?.closest('main [data-autofocus]')) heading?.focus({ preventScroll: true })
  }, 60)
})
