/** Builds two pages, `/launch` and `/app`; everything they load stands under `/app-assets/`. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  // fhirclient brings polyfills for old browsers unless told that there is no need.
  define: { FHIRCLIENT_PURE: 'true' },
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    assetsDir: 'app-assets',
    // Kilobytes before compression; gzip brings all of it under 300.
    chunkSizeWarningLimit: 1_000,
    // An inlined font or picture would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: { input: { launch: here('launch.html'), app: here('index.html') } },
  },
})
