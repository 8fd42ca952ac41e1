import { expect, test } from 'vitest'
import { signingKeyList } from '../../contracts/signing-keys'
import { signingKeyId } from '../../server/signing-keys'
import { aurelius } from '../support/run-cli'
import { startTestServer } from '../support/start-test-server'

const KEY = 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E'
const OLD_KEY = 'Zq7Wb9TnR5sLd1FgHj4MpCa8EuK3vXy0'
const id = (key: string) => signingKeyId(Buffer.from(key))

test('signing keys that are settings are listed by name, and not shown', async () => {
  const environment = { SECRET_KEY: KEY, SECRET_KEY_PREVIOUS: OLD_KEY, DATA_KEY: OLD_KEY }

  const told = await aurelius(['signing-key', 'list'], { environment })
  const json = await aurelius(['signing-key', 'list', '--json'], { environment })

  expect(told).toMatchObject({ exitCode: 0, stderr: '' })
  expect(told.stdout.split('\n')[0]).toMatch(/^KEY +STATE +SIGNS FROM +ENDS$/)
  expect(signingKeyList.parse(JSON.parse(json.stdout))).toEqual({
    signing_keys: [
      { id: id(KEY), state: 'current', signs_from: null, ends_at: null },
      { id: id(OLD_KEY), state: 'previous', signs_from: null, ends_at: null },
    ],
    total: 2,
    next_cursor: null,
    kept_in: 'settings',
  })
  for (const secret of [KEY, OLD_KEY]) expect(told.stdout + json.stdout).not.toContain(secret)
})

test.each([
  ['signing-key list', ['signing-key', 'list'], {}, 69, /found no keychain/],
  ['keys rotate', ['keys', 'rotate'], {}, 69, /found no keychain/],
  ['keys rotate with a setting', ['keys', 'rotate'], { SECRET_KEY: KEY }, 78, /SECRET_KEY_PREVIOUS/],
  ['signing-key rotate with a setting', ['signing-key', 'rotate'], { SECRET_KEY: KEY }, 78, /SECRET_KEY_PREVIOUS/],
  ['a faulty setting', ['keys', 'rotate'], { SECRET_KEY: 'Marker' }, 78, /SECRET_KEY: expected at least 32 bytes/],
  ['keys alone', ['keys'], {}, 64, /^Say what to do; see aurelius keys --help\.$/],
])('%s ends with a sentence', async (_what, words, environment, exitCode, sentence) => {
  const run = await aurelius(words, { environment: environment as Record<string, string> })

  expect(run).toMatchObject({ exitCode, stdout: '' })
  expect(run.stderr.trim()).toMatch(sentence)
  expect(run.stderr).not.toContain('Marker')
  expect(run.stderr).not.toMatch(/^\s+at /m)
})

test('beside a server whose key is a setting the keychain is left alone', async () => {
  const server = await startTestServer()

  const run = await aurelius(['keys', 'rotate', '--data-folder', server.folder])

  expect(run).toMatchObject({ exitCode: 78, stdout: '', stderr: expect.stringContaining('from SECRET_KEY') })
})
