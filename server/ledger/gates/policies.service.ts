import type { Transaction } from 'sequelize'
import { type GateName, type GatePolicy, gateName, gatePolicy } from '../../../contracts/gate-policy'
import type { NewPolicy, PolicyList, PolicyVersion } from '../../../contracts/gates'
import { actorOf } from '../../audit/actor'
import type { Audit } from '../../audit/audit'
import type { Principal } from '../../auth/principal'
import { canonicalJson } from '../../canonical-json'
import type { Database } from '../../db/database'
import { type Row, select } from '../../db/select'
import { ValidationError } from '../../errors'
import { instant, nameOf, textOrNull } from '../columns'
import { fingerprint } from '../fingerprint'
import { DEFAULT_POLICIES } from '../policies/defaults'
import { readPolicy, writePolicy } from '../policies/policy-text'

export interface PolicyInForce {
  gate: GateName
  version: number
  policy: GatePolicy
  hash: string
}

export type Policies = ReturnType<typeof createPolicies>

/** The rules of the gates, as versioned documents. A ledger starts with the program's own as version 1. */
export function createPolicies(database: Database, audit: Audit, now: () => number) {
  async function insert(
    row: { gate: GateName; version: number; policy: GatePolicy; note: string; authorId: string | null },
    transaction: Transaction,
  ): Promise<string> {
    const hash = fingerprint(row.policy)
    await database.sequelize.query(
      `INSERT INTO gate_policies (gate, version, document, hash, note, author_id, created_at)
       VALUES (:gate, :version, :document, :hash, :note, :authorId, :now)`,
      { replacements: { ...row, document: canonicalJson(row.policy), hash, now: new Date(now()) }, transaction },
    )
    return hash
  }

  async function newestVersion(gate: GateName, transaction: Transaction): Promise<number> {
    // On Postgres two that write at once would find the same number.
    if (database.dialect === 'postgres')
      await database.sequelize.query('LOCK TABLE gate_policies IN SHARE ROW EXCLUSIVE MODE', { transaction })
    const [row] = await select(
      database,
      'SELECT max(version) AS version FROM gate_policies WHERE gate = :gate',
      { gate },
      transaction,
    )
    return Number(row?.version ?? 0)
  }

  /** Gives each gate that has no policy yet the program's own. */
  async function begin(): Promise<void> {
    const known = await select(database, 'SELECT DISTINCT gate FROM gate_policies', {})
    const missing = gateName.options.filter((gate) => !known.some((row) => row.gate === gate))
    if (missing.length === 0) return
    await database.write(async (transaction) => {
      for (const gate of missing)
        if ((await newestVersion(gate, transaction)) === 0)
          await insert(
            { gate, version: 1, policy: DEFAULT_POLICIES[gate], note: 'As it came with Aurelius.', authorId: null },
            transaction,
          )
    })
  }

  async function rows(condition: string, values: Record<string, unknown>): Promise<PolicyVersion[]> {
    await begin()
    const found = await select(
      database,
      `SELECT gate_policies.*, users.name AS author_name FROM gate_policies
       LEFT JOIN users ON CAST(users.id AS VARCHAR(255)) = gate_policies.author_id
       WHERE ${condition} ORDER BY gate, version DESC`,
      values,
    )
    return Promise.all(found.map(toPolicyVersion))
  }

  return {
    async current(gate: GateName): Promise<PolicyInForce> {
      const [policy] = await rows(
        'gate = :gate AND version = (SELECT max(version) FROM gate_policies WHERE gate = :gate)',
        { gate },
      )
      if (!policy) throw new Error(`The gate ${gate} has no policy`)
      return policy
    },

    /** The policy of each gate that is in force. */
    async list(_principal: Principal): Promise<PolicyList> {
      const policies = await rows(
        'version = (SELECT max(version) FROM gate_policies AS other WHERE other.gate = gate_policies.gate)',
        {},
      )
      policies.sort((one, other) => gateName.options.indexOf(one.gate) - gateName.options.indexOf(other.gate))
      return { policies, total: policies.length, next_cursor: null }
    },

    /** All versions of a gate's policy, newest first. */
    async history(_principal: Principal, gate: GateName): Promise<PolicyList> {
      const policies = await rows('gate = :gate', { gate })
      return { policies, total: policies.length, next_cursor: null }
    },

    /** @throws {ValidationError} with the place in the document that is not right */
    async read(gate: GateName, text: string): Promise<GatePolicy> {
      const read = await readPolicy(text)
      if ('faults' in read)
        throw new ValidationError(
          read.faults.map(({ field, message, line }) => ({
            field: field === '' ? 'text' : `text.${field}`,
            message,
            code: 'invalid_policy',
            ...(line === undefined ? {} : { line }),
          })),
        )
      if (read.policy.gate === gate) return read.policy
      const message = `This policy is for the gate ${read.policy.gate}.`
      throw new ValidationError([{ field: 'text.gate', message, code: 'invalid_policy' }])
    },

    /** Puts a new version in force. The same document again makes none. */
    async record(principal: Principal, gate: GateName, { text, note }: NewPolicy): Promise<PolicyVersion> {
      const policy = await this.read(gate, text)
      await begin()
      await database.write(async (transaction) => {
        const version = (await newestVersion(gate, transaction)) + 1
        const [newest] = await select(
          database,
          'SELECT hash FROM gate_policies WHERE gate = :gate AND version = :version',
          { gate, version: version - 1 },
          transaction,
        )
        if (newest?.hash === fingerprint(policy)) return
        const hash = await insert({ gate, version, policy, note, authorId: principal.userId }, transaction)
        audit.record(
          {
            action: 'gate_policy.recorded',
            by: actorOf(principal),
            target: { type: 'gate_policy', id: `${gate}.${version}` },
            details: { gate, version, hash },
          },
          transaction,
        )
      })
      const [recorded] = await rows('gate = :gate', { gate })
      if (!recorded) throw new Error(`The gate ${gate} has no policy`)
      return recorded
    },
  }
}

async function toPolicyVersion(row: Row): Promise<PolicyVersion> {
  const policy = gatePolicy.parse(JSON.parse(String(row.document)))
  return {
    gate: gateName.parse(row.gate),
    version: Number(row.version),
    policy,
    text: await writePolicy(policy),
    hash: String(row.hash),
    note: String(row.note),
    author_id: textOrNull(row.author_id),
    author_name: nameOf(row.author_id, row.author_name),
    created_at: instant(row.created_at),
  }
}
