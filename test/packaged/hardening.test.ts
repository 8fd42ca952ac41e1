import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, onTestFinished, test } from 'vitest'
import { type DesktopSession, openDesktopSession } from '../support/desktop-session'
import { EXECUTABLE, launchPacked } from './packed-app'

const [OFF, ON] = Buffer.from('01') // how a fuse is written in the binary

test('the fuses are set in the binary itself', async () => {
  const fuses = await getCurrentFuseWire(EXECUTABLE)

  expect(fuses).toMatchObject({
    [FuseV1Options.RunAsNode]: OFF,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
    [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
    [FuseV1Options.OnlyLoadAppFromAsar]: ON,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
    [FuseV1Options.EnableCookieEncryption]: ON,
  })
})

test('ELECTRON_RUN_AS_NODE does not turn the app into a script runner', async () => {
  const { session, proof, script } = await attack()

  await launchPacked(session, { args: [script], env: { ELECTRON_RUN_AS_NODE: '1' } })

  expect(existsSync(proof)).toBe(false)
})

test('NODE_OPTIONS loads nothing into the app, and is not even looked at', async () => {
  const { session, proof, script } = await attack()

  const { page, output } = await launchPacked(session, { env: { NODE_OPTIONS: `--require=${script}` } })
  await page.getByRole('button', { name: 'Create administrator' }).waitFor()

  expect(existsSync(proof)).toBe(false)
  // With the fuse open Electron looks at each option, and says that it refuses this one in a packed app.
  expect(output()).not.toContain('not supported in packaged apps')
})

test('--inspect opens no debugger', async () => {
  const { session } = await attack()

  const { page, output } = await launchPacked(session, { args: ['--inspect=0'] })
  await page.getByRole('button', { name: 'Create administrator' }).waitFor()

  expect(output()).not.toContain('Debugger listening')
})

/** A script that leaves a proof if the app ever runs it. */
async function attack(): Promise<{ session: DesktopSession; proof: string; script: string }> {
  const session = await openDesktopSession()
  onTestFinished(() => session.close())
  const proof = join(session.env.TMPDIR ?? '', 'proof')
  const script = join(session.env.TMPDIR ?? '', 'attack.cjs')
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, 'I ran')`)
  return { session, proof, script }
}
