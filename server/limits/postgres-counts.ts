import { Op, QueryTypes } from 'sequelize'
import type { Database } from '../db/database'
import type { Count, Counts } from './counts'

interface StoredCount {
  points: number
  expires_at: Date
}

/** Counts that all nodes on one database share: each is added to in one statement, so that no two lose one. */
export function openPostgresCounts({ models: { AttemptCount }, sequelize }: Database, now: () => number): Counts {
  async function query(sql: string, values: Record<string, unknown>): Promise<Count | undefined> {
    const replacements = { now: new Date(now()), ...values }
    const [row] = await sequelize.query<StoredCount>(sql, { replacements, type: QueryTypes.SELECT })
    return row && { points: row.points, expiresAt: row.expires_at.getTime() }
  }

  async function upsert(key: string, count: Count, onConflict: string): Promise<Count> {
    const stored = await query(
      `INSERT INTO attempt_counts AS known (key, points, expires_at) VALUES (:key, :points, :expiresAt)
       ON CONFLICT (key) DO UPDATE SET ${onConflict} RETURNING points, expires_at`,
      { key, points: count.points, expiresAt: new Date(count.expiresAt) },
    )
    return stored ?? count
  }

  return {
    find: (key) =>
      query('SELECT points, expires_at FROM attempt_counts WHERE key = :key AND expires_at > :now', { key }),
    async findStartingWith(prefix) {
      const rows = await sequelize.query<StoredCount & { key: string }>(
        'SELECT key, points, expires_at FROM attempt_counts WHERE left(key, :length) = :prefix AND expires_at > :now',
        { replacements: { prefix, length: prefix.length, now: new Date(now()) }, type: QueryTypes.SELECT },
      )
      return rows.map(({ key, points, expires_at }) => ({ key, points, expiresAt: expires_at.getTime() }))
    },
    add: (key, count, prolong) =>
      upsert(
        key,
        count,
        `points = CASE WHEN known.expires_at > :now THEN known.points ELSE 0 END + EXCLUDED.points,
         expires_at = ${prolong ? 'EXCLUDED.expires_at' : 'CASE WHEN known.expires_at > :now THEN known.expires_at ELSE EXCLUDED.expires_at END'}`,
      ),
    put: (key, count) => upsert(key, count, 'points = EXCLUDED.points, expires_at = EXCLUDED.expires_at'),
    remove: async (key) => (await AttemptCount.destroy({ where: { key } })) > 0,
    async removeWithin(keys, transaction) {
      await AttemptCount.destroy({ where: { key: { [Op.in]: keys } }, transaction })
    },
    async removeExpired() {
      await AttemptCount.destroy({ where: { expiresAt: { [Op.lte]: new Date(now()) } } })
    },
    close: async () => undefined,
  }
}
