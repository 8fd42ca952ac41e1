import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, type Surroundings } from '../../server/config'
import { readSettings } from '../../server/settings'
import { newFolder } from '../support/new-folder'

const surroundings: Surroundings = {
  version: '1.2.3',
  dataFolder: '/data',
  logFolder: null,
  rendererFolder: null,
  portTaken: 'refuse',
}

test('the environment comes before the .env of the folder, which comes before the one of the data folder', () => {
  const near = dotenv('PORT=2\nHOST=localhost\nLOG_LEVEL=\n')
  const far = dotenv('PORT=3\nHOST=::1\nLOG_LEVEL=warn\nUNKNOWN=4\n')

  expect(readSettings({ PORT: '1', DB_NAME: '  ' }, [near, far])).toStrictEqual({
    PORT: '1',
    HOST: 'localhost',
    LOG_LEVEL: 'warn',
  })
})

test('a .env may quote, comment, export and end its lines as on Windows', () => {
  const file = dotenv(
    `# settings\r\nexport DB_NAME='led ger' # the database\r\nDB_USER="ana#lyst"\r\nSECRET_KEY=uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E==\r\nDB_PASSWORD="two  spaces  "\r\n`,
  )

  expect(readSettings({}, [file])).toStrictEqual({
    DB_NAME: 'led ger',
    DB_USER: 'ana#lyst',
    SECRET_KEY: 'uK3vXy0Zq7Wb9TnR5sLd1FgHj4MpCa8E==',
    DB_PASSWORD: 'two  spaces  ',
  })
})

test('a password arrives with its spaces, other settings without', () => {
  expect(readSettings({ DB_PASSWORD: ' spaced ', DB_NAME: ' spaced ' }, [])).toStrictEqual({
    DB_PASSWORD: ' spaced ',
    DB_NAME: 'spaced',
  })
})

test('a .env that is not there is none; one that cannot be read stops the start in one sentence', () => {
  const folder = newFolder()
  mkdirSync(join(folder, '.env'))

  expect(readSettings({}, [join(folder, 'none', '.env'), join(folder, 'none')])).toStrictEqual({})
  expect(() => readSettings({}, [join(folder, '.env')])).toThrow(
    expect.objectContaining({
      exitCode: 78,
      message: expect.stringMatching(/^The settings file .* cannot be read: [^\n]+\.$/),
    }),
  )
})

test('a relative path in a .env starts at its folder, one in the environment where the program was started', () => {
  const file = dotenv('DB_STORAGE=data/ledger.db\n')
  const { config } = readConfig(readSettings({ DB_STORAGE: 'ledger.db' }, [file]), surroundings)

  expect(readSettings({}, [file])).toStrictEqual({ DB_STORAGE: join(dirname(file), 'data', 'ledger.db') })
  expect(config.database).toMatchObject({ storage: resolve('ledger.db') })
  expect(readSettings({}, [dotenv('DB_STORAGE=:memory:')])).toStrictEqual({ DB_STORAGE: ':memory:' })
})

test.each<BufferEncoding>(['utf16le', 'utf8'])(
  'a .env in %s with a mark of it at its start is understood or refused',
  (encoding) => {
    const file = dotenv(Buffer.from('\uFEFFPORT=8080\n', encoding))

    if (encoding === 'utf8') expect(readSettings({}, [file])).toStrictEqual({ PORT: '8080' })
    else
      expect(() => readSettings({}, [file])).toThrow(
        expect.objectContaining({
          exitCode: 78,
          message: `The settings file ${file} is not in UTF-8: save it again with that encoding.`,
        }),
      )
  },
)

function dotenv(text: string | Buffer): string {
  const file = join(newFolder(), '.env')
  writeFileSync(file, text)
  return file
}
