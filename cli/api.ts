import type { Command } from 'commander'
import type { z } from 'zod'
import { type Endpoint, endpoints } from '../contracts/endpoints'
import type { CommandContext } from './context'
import { CommandError, EXIT } from './exit-codes'
import { type Call, callServer } from './http'
import { keptFor } from './kept'
import { getOrigin, takeUpSignIn } from './signed-in'

const KEY_MISSING = 'The keychain keeps no API key of this name: see aurelius keys create.'
const IN_CLEAR = 'AURELIUS_URL would send the key across the network in clear: use https for another machine.'
const HERE = ['localhost', '127.0.0.1', '[::1]']

export interface KeyOption {
  key?: string
}

/** The API as whoever runs a command may use it. */
export interface Api {
  /** Where it answers now: an app that came back may have another port. */
  origin(): string
  token(): string
  /** Takes up what counts now: another access token, or the app at another port. */
  renew(): Promise<void>
  call<E extends Endpoint>(endpoint: E, call?: Omit<Call, 'token'>): Promise<z.infer<E['reply']>>
}

export const withKey = (command: Command): Command =>
  command.option('--key <name>', 'use this API key of the keychain; nobody has to be signed in')

/**
 * By a key of the keychain that is named, else the key in AURELIUS_API_KEY, else the sign-in of `aurelius login`.
 *
 * @throws {CommandError}
 */
export async function openApi(context: CommandContext, { key: name }: KeyOption = {}): Promise<Api> {
  if (name !== undefined) {
    const key = await keptFor(context).key(name)
    if (key === null) throw new CommandError(EXIT.noInput, KEY_MISSING)
    return byKey(key, () => getOrigin(context))
  }
  const key = context.environment.AURELIUS_API_KEY?.trim()
  if (key) return byKey(key, () => statedOrigin(context) ?? getOrigin(context))
  let signedIn = await takeUpSignIn(context).catch(nameOtherWay)
  const renew = async () => {
    signedIn = await takeUpSignIn(context)
  }
  return {
    renew,
    origin: () => getOrigin(context),
    token: () => signedIn.token(),
    async call(endpoint, call) {
      if (signedIn.origin !== getOrigin(context)) await renew()
      return signedIn.call(endpoint, call)
    },
  }
}

/** Who cannot be signed in here, as on a machine without a keychain, can still use a key. */
function nameOtherWay(error: unknown): never {
  const isKeychain = error instanceof Error && error.name === 'KeychainError'
  const isSignIn = error instanceof CommandError && error.exitCode === EXIT.noPermission
  if (!isKeychain && !isSignIn) throw error
  const message = `${error.message.replace(/\.$/, '')}, or give an API key in AURELIUS_API_KEY.`
  throw new CommandError(isKeychain ? EXIT.unavailable : EXIT.noPermission, message, { cause: error })
}

function byKey(key: string, origin: () => string): Api {
  origin() // says at once that nothing runs
  return {
    origin,
    token: () => key,
    renew: async () => undefined,
    call: (endpoint, call = {}) => callServer(origin(), endpoint, { ...call, token: key }),
  }
}

/** Where the environment says the API is; the runtime file counts where it says as well which folder that is in. */
function statedOrigin({ environment }: CommandContext): string | undefined {
  const { AURELIUS_URL: url, AURELIUS_DATA_FOLDER: folder } = environment
  if (!url || folder) return undefined
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new CommandError(EXIT.config, 'AURELIUS_URL is no address such as http://127.0.0.1:8000.')
  if (parsed.protocol === 'http:' && !HERE.includes(parsed.hostname)) throw new CommandError(EXIT.config, IN_CLEAR)
  return parsed.origin
}

/**
 * A strategy by its id or its exact name.
 *
 * @throws {CommandError} there is none, or several have this name
 */
export async function findStrategy(api: Api, wanted: string) {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(wanted)) return api.call(endpoints.strategy, { params: { id: wanted } })
  const found = []
  let cursor: string | undefined
  do {
    const query = { search: wanted.slice(0, 200), limit: 200, cursor, status: 'any' }
    const page = await api.call(endpoints.strategies, { query })
    found.push(...page.strategies.filter(({ name }) => name === wanted.trim()))
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  if (found.length > 1)
    throw new CommandError(EXIT.data, `${found.length} strategies are named “${wanted}”: give the id of one of them.`)
  return found[0]
}

/** @throws {CommandError} there is none */
export async function getStrategy(api: Api, wanted: string) {
  const found = await findStrategy(api, wanted)
  if (found) return found
  throw new CommandError(EXIT.noInput, `There is no strategy named “${wanted}”: see aurelius strategies list.`)
}
