/**
 * Makes renderer/sample/exchange-rates.json, the prices of the sample, from the database "fedstl" that comes with gretl
 * (Debian package gretl-data, version 2022c-1): node scripts/sample-rates.mjs FOLDER, where FOLDER holds fedstl.idx and
 * fedstl.bin. Its index has two lines a series, name and span; its values are Float32, little-endian, one series after
 * the other (gretl user's guide, section "Databases").
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const FIRST_MONTH = '1973-03' // major currencies float from then on
const SERIES = {
  AUD: { id: 'exusal', perDollar: false },
  CAD: { id: 'excaus', perDollar: true },
  CHF: { id: 'exszus', perDollar: true },
  GBP: { id: 'exusuk', perDollar: false },
  JPY: { id: 'exjpus', perDollar: true },
  NOK: { id: 'exnous', perDollar: true },
  NZD: { id: 'exusnz', perDollar: false },
  SEK: { id: 'exsdus', perDollar: true },
}

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Name the folder that holds fedstl.idx and fedstl.bin.')
const all = readDatabase(folder)
const rates = Object.fromEntries(
  Object.entries(SERIES).map(([currency, { id, perDollar }]) => {
    const { first, values } = all.get(id) ?? fail(id)
    const from = monthsBetween(first, FIRST_MONTH)
    return [currency, values.slice(from).map((value) => Number((perDollar ? 1 / value : value).toPrecision(6)))]
  }),
)
const content = {
  title: 'US dollars for one unit of each currency, averages of the month',
  source: 'Board of Governors of the Federal Reserve System (US), statistical release G.5, Foreign Exchange Rates',
  licence: 'Public domain: a work of the United States Government (17 U.S.C. § 105)',
  first_month: FIRST_MONTH,
  rates,
}
const file = resolve(import.meta.dirname, '../renderer/sample/exchange-rates.json')
writeFileSync(file, `${JSON.stringify(content, null, 2).replaceAll(/,\n {6}/g, ', ')}\n`)

/** @param {string} place @returns {Map<string, { first: string, values: number[] }>} */
function readDatabase(place) {
  const lines = readFileSync(join(place, 'fedstl.idx'), 'latin1').split('\n').slice(1)
  const bytes = readFileSync(join(place, 'fedstl.bin'))
  const found = new Map()
  let offset = 0
  for (let line = 0; line + 1 < lines.length; line += 2) {
    const name = lines[line]?.split(/\s/)[0] ?? ''
    const [, year, month, length] = /^\S\s+(\d+)(?:\.(\d+))?.* n = (\d+)/.exec(lines[line + 1] ?? '') ?? []
    const values = Array.from({ length: Number(length) }, (_, at) => bytes.readFloatLE(offset + 4 * at))
    found.set(name, { first: `${year}-${month ?? '01'}`, values })
    offset += 4 * values.length
  }
  return found
}

/** @param {string} one @param {string} other */
function monthsBetween(one, other) {
  const [from, to] = [one, other].map((month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)))
  return (to ?? 0) - (from ?? 0)
}

/** @param {string} id @returns {never} */
function fail(id) {
  throw new Error(`The database has no series ${id}.`)
}
