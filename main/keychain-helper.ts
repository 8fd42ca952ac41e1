import { fork } from 'node:child_process'
import type { AuditHeadWork, KeptSigningKey, SigningKeyWork } from '../contracts/ipc'
import { dataFolder } from '../server/data-folder'
import type { Keys } from '../server/headless'
import { SigningKeyStoreError } from '../server/signing-keys'
import { StartError } from '../server/start-error'
import { auditHeadsThat, workOnAuditHeads } from './audit-heads'
import { KeychainError } from './secret-store'
import { storeThat, unpacked } from './signing-key-messages'
import { followSigningKeys } from './signing-key-news'

export const HELPER_ARGUMENT = 'ask-keychain'

type KeyWork = { do: 'read' } | SigningKeyWork
type Work = KeyWork | AuditHeadWork
/** The data key in base64url. */
type KeysAnswer = { signingKeys: KeptSigningKey[]; dataKey: string }
type Answer = KeysAnswer | { auditHead: string | null }

/**
 * The keychain, asked by a second process: one that hangs holds a thread, and Node cannot end a process before its
 * threads. It is started only where it is needed: a server with SECRET_KEY needs no keychain library on its machine.
 *
 * @param program the file to run, which calls `answerParent` when its argument is `HELPER_ARGUMENT`
 */
export function keychainOf(program: string): Keys {
  const readKeys = async () => {
    const { signingKeys, dataKey } = await askForKeys(program, { do: 'read' })
    return { signingKeys: unpacked(signingKeys), dataKey: Buffer.from(dataKey, 'base64url') }
  }
  return {
    read: readKeys,
    signingKeys: storeThat(async (work) => {
      const answer = await askForKeys(program, work).catch((cause: Error) => {
        throw new SigningKeyStoreError(cause.message, { cause })
      })
      return unpacked(answer.signingKeys)
    }),
    auditHeads: auditHeadsThat(async (work) => {
      const answer = await ask(program, work)
      return 'auditHead' in answer ? answer.auditHead : null
    }),
    follow: (onKeys, onTrouble) =>
      followSigningKeys(dataFolder(process.env), {
        read: async () => (await readKeys()).signingKeys,
        onKeys,
        onTrouble,
      }),
  }
}

const askForKeys = (program: string, work: KeyWork) => ask(program, work) as Promise<KeysAnswer>

/** @throws {KeychainError} */
function ask(program: string, work: Work): Promise<Answer> {
  const helper = fork(program, [HELPER_ARGUMENT, JSON.stringify(work)])
  return new Promise((resolve, reject) => {
    helper.once('message', (answer: Answer | { problem: string }) => {
      helper.kill('SIGKILL')
      if ('problem' in answer) reject(new KeychainError(answer.problem))
      else resolve(answer)
    })
    const broke = () => reject(new KeychainError('The keychain could not be asked.'))
    helper.once('error', broke)
    helper.once('exit', broke)
  })
}

/** @param asked the argument after `HELPER_ARGUMENT` */
export async function answerParent(asked = ''): Promise<void> {
  process.send?.(await answer(JSON.parse(asked)))
}

async function answer(work: Work): Promise<Answer | { problem: string }> {
  try {
    return work.do === 'recall' || work.do === 'remember' ? await answerAuditHead(work) : await answerKeys(work)
  } catch (error) {
    if (!(error instanceof KeychainError || error instanceof StartError)) throw error
    return { problem: error.message }
  }
}

async function answerAuditHead(work: AuditHeadWork): Promise<Answer> {
  const { openKeychain } = await import('./keychain')
  return { auditHead: await workOnAuditHeads(openKeychain(), work) }
}

async function answerKeys(work: KeyWork): Promise<Answer> {
  const [{ openKeychain }, { readOrCreateSigningKeys }, { readOrCreateDataKey }, { packed, workOnSigningKeys }] =
    await Promise.all([
      import('./keychain'),
      import('./signing-keys'),
      import('./data-key'),
      import('./signing-key-messages'),
    ])
  const keychain = openKeychain()
  const signingKeys =
    work.do === 'read'
      ? packed(await readOrCreateSigningKeys(keychain))
      : await workOnSigningKeys(keychain, dataFolder(process.env), work)
  return { signingKeys, dataKey: await readOrCreateDataKey(keychain) }
}
