import { KeychainError, type ListedSecretStore } from './secret-store'

type Keytar = typeof import('keytar')

const SERVICE = 'Aurelius'
const MOST_HUNG_CALLS = 3 // of the four threads that Node has by default

const ABSENT =
  'Aurelius found no keychain on this computer: install and start one (on Linux for example GNOME Keyring or KWallet), then try again.'
const LOCKED = 'The keychain is locked: unlock it, then try again.'
const NEVER_ANSWERS = 'The keychain does not answer any more: unlock it, then start Aurelius again.'
const REFUSED = 'The keychain refused Aurelius: allow it access to its entries, then start Aurelius again.'

const SAYS_ABSENT =
  /autolaunch|not provided by any|serviceunknown|could not connect|no such file|not activatable|spawn\.|cannot open shared object|cannot find module|no default (collection|keychain)|keychain could not be found/i
const SAYS_LOCKED = /locked|interaction is not allowed|prompt/i

export interface Keychain extends ListedSecretStore {
  /** Node waits for its threads when the process ends, so a process with a hung call cannot end by itself. */
  hasHungCall(): boolean
}

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, Secret Service on Linux.
 *
 * A call holds a thread without end while an unlock prompt is open. So calls go one at a time, each is waited for at most
 * `timeLimitMs`, and before hung calls hold every thread of the pool no more are made.
 */
export function openKeychain(timeLimitMs = 20_000): Keychain {
  let lastTurn: Promise<unknown> = Promise.resolve()
  let hung = 0

  async function call<Result>(ask: (keytar: Keytar) => Promise<Result>): Promise<Result> {
    if (hung >= MOST_HUNG_CALLS) throw new KeychainError(NEVER_ANSWERS)
    const answer = loadKeytar().then(ask)
    let limit: NodeJS.Timeout | undefined
    const unanswered = new Promise<never>((_resolve, reject) => {
      limit = setTimeout(() => {
        hung += 1
        answer
          .catch(() => undefined)
          .finally(() => {
            hung -= 1
          })
        reject(new KeychainError(notAnswering(timeLimitMs)))
      }, timeLimitMs)
    })
    return Promise.race([answer, unanswered])
      .catch((cause) => Promise.reject(toKeychainError(cause)))
      .finally(() => clearTimeout(limit))
  }

  function inTurn<Result>(ask: (keytar: Keytar) => Promise<Result>): Promise<Result> {
    const turn = lastTurn.then(() => call(ask))
    lastTurn = turn.catch(() => undefined)
    return turn
  }

  return {
    hasHungCall: () => hung > 0,
    read: (account) => inTurn((keytar) => keytar.getPassword(SERVICE, account)),
    readAll: () =>
      inTurn(async (keytar) => {
        const found = await keytar.findCredentials(SERVICE)
        return found.map(({ account, password }) => ({ account, value: password }))
      }),
    write: (account, value) => inTurn((keytar) => keytar.setPassword(SERVICE, account, value)),
    remove: (account) => inTurn(async (keytar) => void (await keytar.deletePassword(SERVICE, account))),
  }
}

/** Loaded at first use: where the system's keychain library is missing, loading fails, and that needs a sentence too. */
async function loadKeytar(): Promise<Keytar> {
  const loaded = await import('keytar')
  return loaded.default
}

function notAnswering(timeLimitMs: number): string {
  const seconds = Math.round(timeLimitMs / 1000)
  return `The keychain has not answered for ${seconds} seconds, most likely because it is locked: unlock it, then try again.`
}

function toKeychainError(cause: unknown): KeychainError {
  if (cause instanceof KeychainError) return cause
  const said = cause instanceof Error ? cause.message : ''
  const sentence = SAYS_ABSENT.test(said) ? ABSENT : SAYS_LOCKED.test(said) ? LOCKED : REFUSED
  return new KeychainError(sentence, { cause })
}
