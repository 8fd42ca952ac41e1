import { cpus, loadavg } from 'node:os'
import { audit } from './parts/audit'
import { chart } from './parts/chart'
import { desktop } from './parts/desktop'
import { keys } from './parts/keys'
import { ledger } from './parts/ledger'
import { live } from './parts/live'
import { sessions } from './parts/sessions'
import { signIns } from './parts/sign-ins'
import { userRow } from './parts/user-row'
import { verify } from './parts/verify'
import { onClientCore, sidesArePinned } from './support/cores'
import { type Result, table } from './support/report'

const PARTS: Record<string, () => Promise<Result[]>> = {
  verify: () => onClientCore(verify),
  keys: () => onClientCore(keys),
  sessions: () => onClientCore(sessions),
  'user-row': () => onClientCore(userRow),
  ledger: () => onClientCore(ledger),
  live: () => onClientCore(live),
  chart,
  audit,
  'sign-ins': () => onClientCore(signIns),
  desktop,
}

async function main(names: string[]): Promise<void> {
  const unknown = names.find((name) => !(name in PARTS))
  if (unknown !== undefined) {
    console.error(`There is no part "${unknown}"; choose from ${Object.keys(PARTS).join(', ')}.`)
    process.exitCode = 64
    return
  }
  const [load = 0] = loadavg()
  const results: Result[] = []
  for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
    console.error(`Measuring ${name}`)
    results.push(...((await PARTS[name]?.()) ?? []))
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`
  console.log(`\n${machine}, ${layout()}, load ${load.toFixed(1)} before\n`)
  console.log(table(results))
}

function layout(): string {
  return sidesArePinned ? 'server and client on a core each' : 'server and client not bound to cores'
}

process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
main(process.argv.slice(2))
