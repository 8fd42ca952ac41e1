import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114', // the oldest Chromium that may show it: see docs/decisions/test-only-electron.md
    assetsDir: 'assets',
  },
})
