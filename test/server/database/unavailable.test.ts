import { ConnectionAcquireTimeoutError, ConnectionRefusedError, DatabaseError, UniqueConstraintError } from 'sequelize'
import { expect, test } from 'vitest'
import { isDatabaseUnavailable } from '../../../server/db/failures'

const withCode = (code: string) => Object.assign(new Error('no words'), { code, sql: '' })

test.each([
  ['every connection of the pool is in use', new ConnectionAcquireTimeoutError(new Error())],
  ['nobody listens', new ConnectionRefusedError(withCode('ECONNREFUSED'))],
  ['Postgres is being stopped', new DatabaseError(withCode('57P01'))],
  ['Postgres is starting', withCode('57P03')],
  ['a statement took too long', new DatabaseError(withCode('57014'))],
  ['deadlocks went on', new DatabaseError(withCode('40P01'))],
  ['the connection was cut', new Error('Connection terminated unexpectedly')],
  ['the SQLite file is locked', withCode('SQLITE_BUSY')],
  ['the disk is full', new DatabaseError(withCode('SQLITE_FULL'))],
])('it may work in a moment when %s', (_, error) => {
  expect(isDatabaseUnavailable(error)).toBe(true)
})

test.each([
  ['a value is there already', new UniqueConstraintError({ parent: withCode('23505') })],
  ['a statement is wrong', new DatabaseError(withCode('42601'))],
  ['a file of the program is missing', withCode('ENOENT')],
  ['the program is wrong', new TypeError('undefined is not a function')],
  ['nothing is known', undefined],
])('trying again does not help when %s', (_, error) => {
  expect(isDatabaseUnavailable(error)).toBe(false)
})
