import { defineConfig } from 'vitest/config'
import { findElectron } from './scripts/electron-runtime.mjs'

const electron = findElectron()

const withWindows = { testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    maxWorkers: 3, // for two cores: half of the time a file waits, for a page or a disk
    // How long something takes is not what tests are about. It gives up before the half minute after which a node that
    // heard nothing reads everything again.
    expect: { poll: { timeout: 15_000, interval: 50 } },
    reporters: ['default', './scripts/closing-line-reporter.mjs'],
    env: electron ? { ELECTRON_OVERRIDE_DIST_PATH: electron.dist } : {},
    projects: [
      {
        extends: true,
        test: {
          name: 'project',
          testTimeout: 60_000,
          include: ['test/layers.test.ts', 'test/security-document.test.ts', 'test/setup/**/*.test.ts'],
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
          globalSetup: ['test/support/postgres.ts', 'test/support/migrated.ts'],
          isolate: false, // no module keeps state of its own, so files share what is loaded
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/migrated.ts'],
          isolate: false,
          ...withWindows,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          globalSetup: ['test/support/desktop-session.ts'],
          ...withWindows,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'packaged',
          include: ['test/packaged/**/*.test.ts'],
          globalSetup: ['test/support/desktop-session.ts', 'test/packaged/packed-app.ts'],
          ...withWindows,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
