import path from 'node:path'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'

/**
 * The plugins with which the renderer is compiled, the same in the build and in component tests.
 *
 * Nuxt UI's own Vue plugin is not used (see src-renderer/app/nuxt-ui.ts): it writes a style element at run time, which the
 * content security policy forbids. Colours and dark mode are ours (src-renderer/app/theme.css).
 * @param root the project's root folder: Nuxt UI puts its generated theme there, where Tailwind finds it
 */
export function rendererPlugins(root: string): PluginOption[] {
  return [
    vue(),
    ui({
      root,
      colorMode: false,
      autoImport: false,
      components: { dts: path.join(root, 'src-renderer/nuxt-ui-components.d.ts'), dirs: [] },
      ui: {
        modal: { slots: { overlay: 'fixed inset-0 bg-neutral-950/35 dark:bg-black/60' } },
        // One step denser than Nuxt UI's own sizes: this is a desktop tool.
        button: {
          variants: {
            size: {
              md: { base: 'px-2.5 py-1 text-[0.8125rem] gap-1.5', leadingIcon: 'size-4', trailingIcon: 'size-4' },
              lg: { base: 'px-3 py-1.5 text-[0.875rem] gap-2', leadingIcon: 'size-4', trailingIcon: 'size-4' },
            },
          },
        },
      },
      icon: {
        // An icon missing from the bundle would be fetched from the network, which the policy forbids: it would stay blank.
        // So every name is written out literally, in a template or in a table, where this scan finds it.
        clientBundle: {
          scan: { globInclude: ['src-renderer/**/*.{vue,ts}'], globExclude: ['node_modules', 'out'] },
          sizeLimitKb: 512,
        },
      },
    }),
  ]
}
