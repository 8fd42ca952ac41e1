import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { CommandContext } from './context'

const signIn = z.object({ email: z.string(), refresh_token: z.string().min(1) })
/** What keeps somebody signed in at the command line. */
export type KeptSignIn = z.infer<typeof signIn>

/**
 * What the command line has in the keychain: a sign-in and API keys, for each data folder by itself, so that what belongs
 * to one Aurelius is never shown to another.
 */
export function keptFor({ secrets, dataFolder }: Pick<CommandContext, 'secrets' | 'dataFolder'>) {
  const place = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 12)
  const signInAccount = `command-line ${place}`
  const keyAccount = (name: string) => `api-key ${place} ${name}`
  return {
    async signIn(): Promise<KeptSignIn | undefined> {
      const found = await secrets.read(signInAccount)
      return found === null ? undefined : signIn.safeParse(parsed(found)).data
    },
    keepSignIn: (kept: KeptSignIn) => secrets.write(signInAccount, JSON.stringify(kept)),
    forgetSignIn: () => secrets.remove(signInAccount),
    key: (name: string) => secrets.read(keyAccount(name)),
    keepKey: (name: string, secret: string) => secrets.write(keyAccount(name), secret),
    forgetKey: (name: string) => secrets.remove(keyAccount(name)),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
