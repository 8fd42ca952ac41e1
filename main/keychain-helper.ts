import { fork } from 'node:child_process'
import type { KeptKeys } from '../server/headless'
import { KeychainError } from './secret-store'

export const HELPER_ARGUMENT = 'read-keys'

/** Keys in base64url. */
type Answer = { signingKey: string; dataKey: string } | { problem: string }

/**
 * The keys, read by a second process: a keychain that hangs holds a thread, and Node cannot end a process before
 * its threads. It is started only where it is needed: a server with SECRET_KEY needs no keychain library on its machine.
 *
 * @param program the file to run, which calls `answerParent` when its argument is `HELPER_ARGUMENT`
 * @throws {KeychainError}
 */
export function keychainKeys(program: string): Promise<KeptKeys> {
  const helper = fork(program, [HELPER_ARGUMENT])
  return new Promise((resolve, reject) => {
    helper.once('message', (answer: Answer) => {
      helper.kill('SIGKILL')
      if ('problem' in answer) return reject(new KeychainError(answer.problem))
      const bytes = (key: string) => Buffer.from(key, 'base64url')
      resolve({ signingKey: bytes(answer.signingKey), dataKey: bytes(answer.dataKey) })
    })
    const broke = () => reject(new KeychainError('The keychain could not be asked.'))
    helper.once('error', broke)
    helper.once('exit', broke)
  })
}

export async function answerParent(): Promise<void> {
  process.send?.(await readKeys())
}

async function readKeys(): Promise<Answer> {
  const [{ openKeychain }, { readOrCreateSigningKey }, { readOrCreateDataKey }] = await Promise.all([
    import('./keychain'),
    import('./signing-key'),
    import('./data-key'),
  ])
  try {
    const keychain = openKeychain()
    return { signingKey: await readOrCreateSigningKey(keychain), dataKey: await readOrCreateDataKey(keychain) }
  } catch (error) {
    if (!(error instanceof KeychainError)) throw error
    return { problem: error.message }
  }
}
