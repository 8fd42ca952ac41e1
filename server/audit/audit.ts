import type { Transaction } from 'sequelize'
import {
  type AuditAction,
  type AuditDetails,
  type AuditOutcome,
  type AuditTarget,
  auditActions,
} from '../../contracts/audit'
import type { AuditHead } from '../../contracts/audit-log'
import { describeDevice } from '../auth/device'
import type { Database } from '../db/database'
import type { Log } from '../log'
import { isTold } from './account-news'
import { type Actor, SERVER } from './actor'
import { append, type NewEntry } from './append'
import type { AuditKeys } from './keys'
import { createThrottle } from './throttle'

const MOST_ALIKE = 10
const COLLECT_MS = 60_000
const ADDRESS_LENGTH = 64

type EventOf<Action extends AuditAction> = {
  action: Action
  by: Actor
  outcome?: AuditOutcome // success, unless it says otherwise
  /** The user id of the account it is about; without one it is about the actor's own. */
  account?: string | null
  target?: { type: AuditTarget; id: string }
} & (Record<string, never> extends AuditDetails<Action>
  ? { details?: AuditDetails<Action> }
  : { details: AuditDetails<Action> })

/** Something that happened, as services say it; the log adds when, its place in the chain and the seal. */
export type AuditEvent = { [Action in AuditAction]: EventOf<Action> }[AuditAction]

export interface FailureOptions {
  /** What makes two failures alike; it stays in memory. */
  alike: string
  /** So many alike get an entry each in ten minutes; the others are counted. */
  most?: number
}

export type Audit = ReturnType<typeof openAudit>

/** The append-only log of what happened, each entry chained to the one before. */
export function openAudit(
  database: Database,
  keys: AuditKeys,
  log: Log,
  now: () => number,
  onMoved: (head: AuditHead) => void = () => undefined,
  onTold: () => void = () => undefined,
) {
  const pending = new WeakMap<Transaction, NewEntry[]>()
  const throttle = createThrottle<AuditEvent>(now)
  const unwritten = new Set<Promise<void>>()

  /**
   * Records what a transaction does: with it, or not at all. The entry is written last, since from then on until the
   * transaction ends no other can be.
   */
  function record(event: AuditEvent, transaction: Transaction): void {
    const entry = toEntry(event, now)
    if (isTold(event.action)) transaction.afterCommit(onTold)
    const others = pending.get(transaction)
    if (others) {
      others.push(entry)
      return
    }
    const entries = [entry]
    pending.set(transaction, entries)
    database.beforeCommit(transaction, async () => {
      const head = await append(database, entries, keys.current, transaction)
      transaction.afterCommit(() => onMoved(head))
    })
  }

  async function writeLeftOut(all: boolean): Promise<void> {
    const { repeated, others } = throttle.collect(all)
    if (repeated.length === 0 && others === 0) return
    await database.write(async (transaction) => {
      for (const { event, times } of repeated)
        record({ ...event, details: { ...event.details, repeated: times } } as AuditEvent, transaction)
      if (others > 0)
        record({ action: 'audit.failures_left_out', by: SERVER, details: { entries: others } }, transaction)
    })
  }

  const report = (error: unknown) => log.error({ err: error }, 'the audit log could not be written')
  const collecting = setInterval(() => writeLeftOut(false).catch(report), COLLECT_MS)
  collecting.unref()

  return {
    record,

    /**
     * Records a failure, which changed nothing, in a transaction of its own, behind the answer: nobody waits for the disk
     * because of it, and the answer takes as long whatever is found out for the entry.
     */
    recordFailure({ alike, most = MOST_ALIKE }: FailureOptions, describe: () => Promise<AuditEvent>): void {
      const admitted = throttle.admit(alike, most)
      if (!admitted) return
      const write = async () => {
        const event = await describe()
        admitted.recorded(event)
        await database.write(async (transaction) => record(event, transaction))
      }
      const writing = write().catch((error) => {
        admitted.missed()
        report(error)
      })
      unwritten.add(writing)
      writing.then(() => unwritten.delete(writing))
    },

    /** Writes what was only counted. */
    async close(): Promise<void> {
      clearInterval(collecting)
      await Promise.all(unwritten)
      await writeLeftOut(true).catch(report)
    },
  }
}

function toEntry(
  { action, by, outcome = 'success', account, target, details = {} }: AuditEvent,
  now: () => number,
): NewEntry {
  return {
    occurred_at: new Date(now()).toISOString(),
    action,
    outcome,
    actor_kind: by.kind,
    actor_id: by.userId,
    credential_id: by.credentialId,
    account_id: account ?? by.userId,
    target_type: target?.type ?? null,
    target_id: target?.id ?? null,
    address: by.origin?.address.slice(0, ADDRESS_LENGTH) ?? null,
    device: by.origin ? describeDevice(by.origin.userAgent) : null,
    request_id: by.origin?.requestId ?? null,
    details: auditActions[action].parse(details),
  }
}
