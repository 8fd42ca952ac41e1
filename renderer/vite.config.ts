import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  resolve: { alias: [{ find: /^zod$/, replacement: join(import.meta.dirname, 'app', 'zod-without-eval.ts') }] },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114', // the oldest Chromium that may show it: see docs/decisions/0007-stand-in-electron-for-tests.md
    assetsDir: 'assets',
    assetsInlineLimit: 0, // the content security policy allows fonts from our own origin only, not as data: addresses
    chunkSizeWarningLimit: 700, // kB: it comes from this computer
    // What the first page needs in one file, where it would be in nine: a start asks for each by itself.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } } },
  },
})
