import { KeychainError, type SecretStore } from './secret-store'

const SERVICE = 'Aurelius'

const ABSENT =
  'Aurelius found no keychain on this computer: install and start one (on Linux for example GNOME Keyring or KWallet), then try again.'
const LOCKED = 'The keychain is locked: unlock it, then try again.'
const REFUSED =
  'The keychain refused Aurelius: allow access to the entry “Aurelius” when your system asks, then try again.'

const SAYS_ABSENT =
  /autolaunch|not provided by any|serviceunknown|could not connect|no such file|not activatable|spawn\.|cannot open shared object|cannot find module|no default (collection|keychain)|keychain could not be found/i
const SAYS_LOCKED = /locked|interaction is not allowed|prompt/i

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, Secret Service on Linux.
 *
 * A call waits without end while an unlock prompt is open and holds a thread meanwhile. So calls go one at a time,
 * each caller waits for at most `timeLimitMs`, and a call nobody waits for any more is never made.
 */
export function openKeychain(timeLimitMs = 20_000): SecretStore {
  let lastTurn: Promise<unknown> = Promise.resolve()

  function inTurn<Result>(call: (keytar: typeof import('keytar')) => Promise<Result>): Promise<Result> {
    const unanswered = new KeychainError(
      `The keychain has not answered for ${Math.round(timeLimitMs / 1000)} seconds, most likely because it is locked: unlock it, then try again.`,
    )
    let givenUp = false
    const turn = lastTurn.then(async () => {
      if (givenUp) throw unanswered
      return call(await loadKeytar())
    })
    lastTurn = turn.catch(() => undefined)

    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        givenUp = true
        reject(unanswered)
      }, timeLimitMs)
      turn.then(resolve, (cause) => reject(toKeychainError(cause))).finally(() => clearTimeout(limit))
    })
  }

  return {
    read: (account) => inTurn((keytar) => keytar.getPassword(SERVICE, account)),
    write: (account, value) => inTurn((keytar) => keytar.setPassword(SERVICE, account, value)),
    remove: (account) => inTurn(async (keytar) => void (await keytar.deletePassword(SERVICE, account))),
  }
}

/** Loaded at first use: where the system's keychain library is missing, loading fails, and that needs a sentence too. */
async function loadKeytar(): Promise<typeof import('keytar')> {
  const loaded = await import('keytar')
  return loaded.default
}

function toKeychainError(cause: unknown): KeychainError {
  if (cause instanceof KeychainError) return cause
  const said = cause instanceof Error ? cause.message : ''
  const sentence = SAYS_ABSENT.test(said) ? ABSENT : SAYS_LOCKED.test(said) ? LOCKED : REFUSED
  return new KeychainError(sentence, { cause })
}
