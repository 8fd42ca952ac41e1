import { fork } from 'node:child_process'
import { KeychainError } from './secret-store'

export const HELPER_ARGUMENT = 'read-signing-key'

type Answer = { key: string } | { problem: string }

/**
 * The signing key, read by a second process: a keychain that hangs holds a thread, and Node cannot end a process before
 * its threads. It is started only where it is needed: a server with SECRET_KEY needs no keychain library on its machine.
 *
 * @param program the file to run, which calls `answerParent` when its argument is `HELPER_ARGUMENT`
 * @throws {KeychainError}
 */
export function keychainSigningKey(program: string): Promise<Uint8Array> {
  const helper = fork(program, [HELPER_ARGUMENT])
  return new Promise((resolve, reject) => {
    helper.once('message', (answer: Answer) => {
      helper.kill('SIGKILL')
      if ('key' in answer) resolve(Buffer.from(answer.key, 'base64url'))
      else reject(new KeychainError(answer.problem))
    })
    const broke = () => reject(new KeychainError('The keychain could not be asked.'))
    helper.once('error', broke)
    helper.once('exit', broke)
  })
}

export async function answerParent(): Promise<void> {
  process.send?.(await readKey())
}

async function readKey(): Promise<Answer> {
  const [{ openKeychain }, { readOrCreateSigningKey }] = await Promise.all([
    import('./keychain'),
    import('./signing-key'),
  ])
  try {
    return { key: await readOrCreateSigningKey(openKeychain()) }
  } catch (error) {
    if (!(error instanceof KeychainError)) throw error
    return { problem: error.message }
  }
}
