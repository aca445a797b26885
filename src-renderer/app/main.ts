import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { installIcons } from './nuxt-ui.ts'
import { router } from './router.ts'
import './main.css'

installIcons()
createApp(App).use(createPinia()).use(router).mount('#app')
