import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type SigningKey, signingKeyId } from '../server/signing-keys'
import { EXIT, StartError } from '../server/start-error'

const FILE = 'newest-signing-key'
const LOOK_MS = 1_000
const START_MS = 60_000
const MOST_TRIES = 30

/**
 * Tells every Aurelius of this person that a signing key was added to the keychain, or is about to be.
 *
 * @throws {StartError} the folder cannot be written
 */
export function announceSigningKey(folder: string, id: string): void {
  const draft = join(folder, `${FILE}.${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${id}\n`, { mode: 0o600 })
    renameSync(draft, join(folder, FILE))
  } catch (cause) {
    throw new StartError(EXIT.cannotCreate, `The folder ${folder} cannot be written: give yourself write access.`, {
      cause,
    })
  }
}

export interface SigningKeyFollower {
  read(): Promise<SigningKey[]>
  onKeys(keys: SigningKey[]): void
  onTrouble(error: Error): void
}

/**
 * Reads the keys again when another program of the same person has announced one. A keychain tells nobody that it
 * changed, and asking it again and again may open a prompt; a file's time of change costs nothing to look at.
 */
export function followSigningKeys(folder: string, { read, onKeys, onTrouble }: SigningKeyFollower): () => void {
  const file = join(folder, FILE)
  let round = 0

  async function catchUp(): Promise<void> {
    round += 1
    const mine = round
    for (let tries = 0; tries < MOST_TRIES && mine === round; tries += 1) {
      const keys = await read()
      if (mine !== round) return
      if (keys.some(({ key }) => signingKeyId(key) === announced(file))) return onKeys(keys)
      await pause(LOOK_MS, undefined, { ref: false })
    }
  }

  // What was announced while this program started may have missed its first reading.
  let seen = Date.now() - START_MS
  const look = () => {
    const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (changedAt <= seen) return
    seen = changedAt
    catchUp().catch(onTrouble)
  }
  look()
  const looking = setInterval(look, LOOK_MS)
  looking.unref()
  return () => {
    round += 1
    clearInterval(looking)
  }
}

function announced(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
