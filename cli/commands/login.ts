import type { Command } from 'commander'
import type { TokenReply } from '../../contracts/auth'
import { endpoints } from '../../contracts/endpoints'
import type { CommandContext, WithContext } from '../context'
import { callServer, exchange, ServerRefusal } from '../http'
import { keptFor } from '../kept'
import { openQuestions, type Questions } from '../questions'
import { getOrigin, keepingHeaders, refreshTokenIn, takeUpSignIn } from '../signed-in'
import { printable } from '../terminal'

interface LoginOptions {
  email?: string
}

export function addLoginCommands(program: Command, withContext: WithContext): void {
  program
    .command('login')
    .description('sign in at the command line; the keychain keeps you signed in')
    .option('--email <address>', 'whom to sign in, instead of asking')
    .action(withContext(login))
  program.command('logout').description('sign out at the command line').action(withContext(logout))
}

async function login(context: CommandContext, { email }: LoginOptions): Promise<void> {
  const origin = getOrigin(context)
  const questions = openQuestions(context.stdin, context.stderr)
  const credentials = {
    email: email ?? (await questions.ask('E-mail: ')),
    password: await questions.askUnseen('Password: '),
  }
  const headers = keepingHeaders(origin, context.version)
  const { reply, cookies } = await exchange(origin, endpoints.login, { headers, body: credentials }).catch((error) =>
    secondStep(error, origin, headers, questions),
  )
  const kept = { email: reply.user.email, refresh_token: refreshTokenIn(cookies, origin) }
  await keptFor(context)
    .keepSignIn(kept)
    .catch(async (error) => {
      await callServer(origin, endpoints.logout, { token: reply.access_token })
      throw error
    })
  context.terminal.result({ email: reply.user.email }, [`You are signed in as ${printable(reply.user.email)}.`])
}

/** Goes on where the password was right and the account asks for more. */
async function secondStep(
  error: unknown,
  origin: string,
  headers: Record<string, string>,
  questions: Questions,
): Promise<{ reply: TokenReply; cookies: string[] }> {
  const challenge = error instanceof ServerRefusal ? error.problem.second_factor?.challenge : undefined
  if (challenge === undefined) throw error
  const code = await questions.askUnseen('Code of your authenticator app, or a recovery code: ')
  return exchange(origin, endpoints.loginSecondFactor, { headers, body: { challenge, code } })
}

/** Whatever the server says, the keychain keeps nothing afterwards. */
async function logout(context: CommandContext): Promise<void> {
  const kept = keptFor(context)
  try {
    await (await takeUpSignIn(context)).call(endpoints.logout)
  } finally {
    await kept.forgetSignIn()
  }
  context.terminal.result({ signed_out: true }, ['You are signed out at the command line.'])
}
