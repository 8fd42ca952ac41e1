import { Op } from 'sequelize'
import type { Database } from '../db/database'
import type { Count, Counts } from './counts'

export interface SqliteCountsOptions {
  now(): number // milliseconds since 1970
  onTrouble(error: unknown): void
}

/**
 * Counts of one server on its own file: they are in memory, and the table is what a restart finds. Writing follows
 * behind in one transaction for all that changed meanwhile, so no request waits for the disk because of a count.
 */
export async function openSqliteCounts(
  { models: { AttemptCount }, write }: Database,
  { now, onTrouble }: SqliteCountsOptions,
): Promise<Counts> {
  const counts = new Map<string, Count>()
  const unsaved = new Set<string>()
  let saving: Promise<void> | undefined

  for (const { key, points, expiresAt } of await AttemptCount.findAll({ raw: true }))
    counts.set(key, { points, expiresAt: new Date(expiresAt).getTime() })

  async function save(): Promise<void> {
    const keys = [...unsaved]
    unsaved.clear()
    const kept = keys.flatMap((key) => {
      const count = counts.get(key)
      return count ? [{ key, points: count.points, expiresAt: new Date(count.expiresAt) }] : []
    })
    try {
      await write(async (transaction) => {
        await AttemptCount.destroy({ where: { key: { [Op.in]: keys } }, transaction })
        await AttemptCount.bulkCreate(kept, { transaction })
      })
    } catch (error) {
      for (const key of keys) unsaved.add(key)
      throw error
    }
  }

  async function saveAll(): Promise<void> {
    try {
      while (unsaved.size > 0) await save()
    } catch (error) {
      // What could not be written goes with the next change.
      onTrouble(error)
    } finally {
      saving = undefined
    }
  }

  function changed(key: string): void {
    unsaved.add(key)
    saving ??= Promise.resolve().then(saveAll)
  }

  function findUnexpired(key: string): Count | undefined {
    const count = counts.get(key)
    return count && count.expiresAt > now() ? count : undefined
  }

  function put(key: string, count: Count): Count {
    counts.set(key, count)
    changed(key)
    return count
  }

  return {
    find: async (key) => findUnexpired(key),
    findStartingWith: async (prefix) =>
      [...counts.keys()].flatMap((key) => {
        const count = key.startsWith(prefix) ? findUnexpired(key) : undefined
        return count ? [{ key, ...count }] : []
      }),
    async add(key, { points, expiresAt }, prolong) {
      const known = findUnexpired(key)
      if (!known) return put(key, { points, expiresAt })
      return put(key, { points: known.points + points, expiresAt: prolong ? expiresAt : known.expiresAt })
    },
    put: async (key, count) => put(key, count),
    async remove(key) {
      const removed = counts.delete(key)
      if (removed) changed(key)
      return removed
    },
    async removeWithin(keys, transaction) {
      await AttemptCount.destroy({ where: { key: { [Op.in]: keys } }, transaction })
      transaction.afterCommit(() => {
        // Written once more: what was being saved meanwhile may have them still.
        for (const key of keys) if (counts.delete(key)) changed(key)
      })
    },
    async removeExpired() {
      for (const key of counts.keys()) {
        if (findUnexpired(key)) continue
        counts.delete(key)
        changed(key)
      }
    },
    async close() {
      await saving
    },
  }
}
