import type { AuditHeadReply, AuditHeadWork, FromServer } from '../contracts/ipc'
import type { AuditHeadStore } from '../server/audit-heads'
import { KeychainError, type SecretStore } from './secret-store'

const NAME = /^audit-head-[0-9a-f]{16}$/

/** Does what a server asks for, where the keychain is. The server gets at nothing else there. */
export async function workOnAuditHeads(store: SecretStore, work: AuditHeadWork): Promise<string | null> {
  if (!NAME.test(work.name)) throw new KeychainError('That is no entry of the keychain for an audit log.')
  if (work.do === 'recall') return store.read(work.name)
  await store.write(work.name, work.text)
  return work.text
}

export function auditHeadsThat(does: (work: AuditHeadWork) => Promise<string | null>): AuditHeadStore {
  return {
    place: 'keychain',
    read: (name) => does({ do: 'recall', name }),
    write: async (name, text) => void (await does({ do: 'remember', name, text })),
  }
}

/** What a server remembers in the keychain of the process that listens to `tell`. */
export function auditHeadsInMain(tell: (message: FromServer) => void) {
  const waiting = new Map<number, (outcome: AuditHeadReply['outcome']) => void>()
  let last = 0

  async function ask(work: AuditHeadWork): Promise<string | null> {
    last += 1
    const request = last
    const outcome = await new Promise<AuditHeadReply['outcome']>((resolve) => {
      waiting.set(request, resolve)
      tell({ type: 'audit-head-request', request, work })
    })
    if ('problem' in outcome) throw new Error(outcome.problem)
    return outcome.text
  }

  return {
    store: auditHeadsThat(ask),
    heard({ request, outcome }: AuditHeadReply): void {
      waiting.get(request)?.(outcome)
      waiting.delete(request)
    },
  }
}
