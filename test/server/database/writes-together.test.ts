import type { Transaction } from 'sequelize'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../support/open-test-database'
import { DIALECTS, testConfig } from '../../support/start-test-server'

async function open(dialect: (typeof DIALECTS)[number]) {
  const { models, sequelize, write, close } = await openTestDatabase(await testConfig({ dialect }))
  const told: string[] = []
  /** A user, and a note of it once they are stored; then what else is to happen in the same transaction. */
  const add = (name: string, then: (transaction: Transaction) => unknown = () => undefined) =>
    write(async (transaction) => {
      transaction.afterCommit(() => {
        told.push(name)
      })
      const email = `${name}@example.com`
      await models.User.create({ email, name, hashedPassword: '-' }, { transaction })
      await then(transaction)
      return name
    })
  const stored = async () => (await models.User.findAll({ order: ['name'] })).map(({ name }) => name)
  return { add, stored, told, sequelize, close }
}

const outcomes = async (writes: Promise<string>[]) =>
  (await Promise.allSettled(writes)).map((write) => (write.status === 'fulfilled' ? write.value : 'failed'))

function fail(): never {
  throw new Error('on purpose')
}

test.each(DIALECTS)('on %s of writes that wait together those that fail are undone, and no others', async (dialect) => {
  const { add, stored, told } = await open(dialect)

  const writes = [add('a'), add('b'), add('c', fail), add('d'), add('b'), add('e', fail), add('f')]

  const [a, b, c, d, again, e, f] = await outcomes(writes)
  expect([a, c, d, e, f]).toEqual(['a', 'failed', 'd', 'failed', 'f'])
  expect([b, again].sort(), 'two of one address, of which Postgres may take either').toEqual(['b', 'failed'])
  expect(await stored()).toEqual(['a', 'b', 'd', 'f'])
  expect(told.sort()).toEqual(['a', 'b', 'd', 'f'])
})

test('when SQLite undoes a transaction by itself, every write in it fails, and later ones succeed', async () => {
  const { add, stored, told, sequelize } = await open('sqlite')
  const fullDisk = async (transaction: Transaction) => {
    await sequelize.query('ROLLBACK', { transaction }) // as SQLite does when the disk is full
    fail()
  }

  const writes = [add('a'), add('b'), add('c', fullDisk), add('d')]

  expect(await outcomes(writes)).toEqual(['failed', 'failed', 'failed', 'failed'])
  expect(await add('e')).toBe('e')
  expect(await stored()).toEqual(['e'])
  expect(told).toEqual(['e'])
})

test('a hundred writes that wait are all done before the database is closed', async () => {
  const { add, told, close } = await open('sqlite')
  const writes = Array.from({ length: 100 }, (_none, index) => add(`user${index}`))

  await close()

  expect(told).toHaveLength(100)
  expect(await outcomes(writes)).toHaveLength(100)
})
