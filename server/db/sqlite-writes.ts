import type { Sequelize, Transaction } from 'sequelize'

const MOST_AT_ONCE = 32

type Changes<T> = (transaction: Transaction) => Promise<T>
type Hook = (transaction: Transaction) => void | Promise<void>

interface Job {
  changes: Changes<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Runs changes in transactions that take turns. Those that wait for the same turn share a transaction and its wait for the
 * disk: each has a savepoint of its own, so that what fails is undone by itself, and hears of its success, as its hooks do,
 * when all of it is stored.
 */
export function createSqliteWrites(
  sequelize: Sequelize,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  checkFile: () => Promise<void>,
): <T>(changes: Changes<T>) => Promise<T> {
  const waiting: Job[] = []

  async function writeTogether(): Promise<void> {
    const jobs = waiting.splice(0, MOST_AT_ONCE)
    try {
      await checkFile()
      const answers = await sequelize.transaction(async (shared) => {
        const done: (() => void)[] = []
        for (const job of jobs) done.push(await (jobs.length === 1 ? settle(job, shared) : settleWithin(job, shared)))
        return done
      })
      for (const answer of answers) answer()
    } catch (error) {
      for (const job of jobs) job.reject(error)
    }
  }

  async function settleWithin(job: Job, shared: Transaction): Promise<() => void> {
    const own = await sequelize.transaction({ transaction: shared })
    const hooks: Hook[] = []
    own.afterCommit = (hook: Hook) => {
      hooks.push(hook)
    }
    try {
      const answer = await settle(job, own)
      for (const hook of hooks) shared.afterCommit(() => hook(own))
      return answer
    } catch (error) {
      // A full disk has undone the others as well; then there is no savepoint left, and all of them fail.
      const isUndone = await own.rollback().then(
        () => true,
        () => false,
      )
      if (!isUndone) throw error
      return () => job.reject(error)
    }
  }

  return <T>(changes: Changes<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ changes, resolve: (value) => resolve(value as T), reject })
      // So many turns as it takes, each asked for at once: whoever closes waits for those that were.
      if (waiting.length % MOST_AT_ONCE === 1) inTurn(writeTogether)
    })
}

/** Does one job and answers how to tell it so. */
async function settle({ changes, resolve }: Job, transaction: Transaction): Promise<() => void> {
  const value = await changes(transaction)
  return () => resolve(value)
}
