import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js'
import { DebugLogger } from 'builder-util'
import type { Configuration } from 'electron-builder'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const config = await getConfig(root, 'electron-builder.yml', null)

test('the configuration is valid for the packer', async () => {
  await expect(validateConfiguration(config, new DebugLogger(false))).resolves.toBeUndefined()
})

test('a setting that the packer does not know is refused', async () => {
  const wrong = { ...config, linux: { ...config.linux, hardenedRuntime: true } } as Configuration

  await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow('configuration.linux')
})

test.each([
  ['mac', ['dmg', 'zip']],
  ['win', ['nsis']],
  ['linux', ['AppImage', 'deb', 'rpm']],
] as const)('on %s each installer is made for both processors', (system, installers) => {
  expect(config[system]?.target).toEqual(installers.map((target) => ({ target, arch: ['x64', 'arm64'] })))
})

test('every file that the configuration names is there', () => {
  const named = [
    config.mac?.icon,
    config.mac?.entitlements,
    config.mac?.entitlementsInherit,
    config.win?.icon,
    config.linux?.icon,
    config.deb?.afterRemove,
    config.rpm?.afterRemove,
    config.afterPack,
  ]

  expect(named.filter((file) => typeof file !== 'string' || !existsSync(resolve(root, file)))).toEqual([])
})

test('what the app is started by cannot be turned against it', () => {
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
  })
  expect(config.mac?.hardenedRuntime).toBe(true)
})

test('both Linux packages ask for the library behind the keychain', () => {
  expect(config.deb?.depends).toContain('libsecret-1-0')
  expect(config.rpm?.depends).toContain('(libsecret or libsecret-1-0)')
})
