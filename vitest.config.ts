import { defineConfig } from 'vitest/config'
import { findElectron } from './scripts/electron-runtime.mjs'

const electron = findElectron()

// Two cores: the server's tests share them among files; everything with a window has the machine to itself, in turn.
const oneFileAtATime = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    maxWorkers: 2, // by itself it would leave one of two cores unused
    reporters: ['default', './scripts/closing-line-reporter.mjs'],
    env: electron ? { ELECTRON_OVERRIDE_DIST_PATH: electron.dist } : {},
    projects: [
      {
        extends: true,
        test: {
          name: 'project',
          testTimeout: 60_000,
          include: ['test/layers.test.ts', 'test/setup/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: [
            'test/server/**/*.test.ts',
            'test/cli/**/*.test.ts',
            'test/contracts/**/*.test.ts',
            'test/importers/**/*.test.ts',
            'test/clients/**/*.test.ts',
            'test/migrations.test.ts',
          ],
          globalSetup: ['test/support/postgres.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...oneFileAtATime,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          globalSetup: ['test/support/desktop-session.ts'],
          ...oneFileAtATime,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'packaged',
          include: ['test/packaged/**/*.test.ts'],
          globalSetup: ['test/support/desktop-session.ts', 'test/packaged/packed-app.ts'],
          ...oneFileAtATime,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
