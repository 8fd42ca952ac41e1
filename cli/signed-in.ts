import { platform } from 'node:os'
import type { z } from 'zod'
import type { TokenReply } from '../contracts/auth'
import { type Endpoint, endpoints } from '../contracts/endpoints'
import { refreshCookieName } from '../contracts/refresh-cookie'
import type { CommandContext } from './context'
import { CommandError, EXIT } from './exit-codes'
import { type Call, callServer, exchange, ServerRefusal } from './http'
import { keptFor } from './kept'
import { openQuestions, type Questions } from './questions'
import { findRunningApp } from './running-app'

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Mac OS X', win32: 'Windows', linux: 'Linux' }
const NOT_RUNNING = 'Aurelius is not running: start it first.'
const NOT_SIGNED_IN = 'You are not signed in at the command line: run aurelius login.'
const ENDED = 'Your sign-in at the command line has ended: run aurelius login again.'

/** Calls the API as the person who signed in. */
export interface SignedIn {
  origin: string
  email: string
  /** The access token of the moment. */
  token(): string
  call<E extends Endpoint>(endpoint: E, call?: Omit<Call, 'token'>): Promise<z.infer<E['reply']>>
}

export function getOrigin({ dataFolder }: Pick<CommandContext, 'dataFolder'>): string {
  const app = findRunningApp(dataFolder)
  if (!app) throw new CommandError(EXIT.unavailable, NOT_RUNNING)
  return app.origin
}

/** Headers of a program that keeps its session, as a page of the server's own origin does. */
export function keepingHeaders(origin: string, version: string): Record<string, string> {
  const system = SYSTEMS[platform()] ?? platform()
  return { origin, 'user-agent': `AureliusCommandLine/${version} (${system})` }
}

/** The refresh token that a reply gives. @throws {CommandError} it gives none */
export function refreshTokenIn(cookies: string[], origin: string): string {
  const start = `${refreshCookieName(new URL(origin).host)}=`
  const token = cookies
    .find((cookie) => cookie.startsWith(start))
    ?.slice(start.length)
    .split(';')[0]
  if (!token) throw new CommandError(EXIT.unavailable, 'Aurelius gave nothing to stay signed in with: update it.')
  return token
}

/**
 * Takes up the sign-in that the keychain keeps. Whatever takes a fresh proof asks for it and goes on.
 *
 * @throws {CommandError} Aurelius is not running, nobody has signed in, or the session has ended
 */
export async function takeUpSignIn(context: CommandContext): Promise<SignedIn> {
  const origin = getOrigin(context)
  const kept = keptFor(context)
  const questions = openQuestions(context.stdin, context.stderr)

  async function renew(): Promise<TokenReply> {
    const found = await kept.signIn()
    if (!found) throw new CommandError(EXIT.noPermission, NOT_SIGNED_IN)
    const cookie = `${refreshCookieName(new URL(origin).host)}=${found.refresh_token}`
    const headers = { ...keepingHeaders(origin, context.version), cookie }
    try {
      const { reply, cookies } = await exchange(origin, endpoints.refresh, { headers })
      await kept.keepSignIn({ email: found.email, refresh_token: refreshTokenIn(cookies, origin) })
      return reply
    } catch (error) {
      if (!isRefused(error, 'not_authenticated')) throw error
      await kept.forgetSignIn()
      throw new CommandError(EXIT.noPermission, ENDED)
    }
  }

  const first = await renew()
  let token = first.access_token
  return {
    origin,
    email: first.user.email,
    token: () => token,
    async call(endpoint, call = {}) {
      const send = () => callServer(origin, endpoint, { ...call, token })
      try {
        return await send()
      } catch (error) {
        // The token expires while a long script runs; the session does not.
        if (isRefused(error, 'invalid_token')) token = (await renew()).access_token
        else if (isRefused(error, 'fresh_proof_required')) token = await prove(origin, token, questions)
        else throw error
        return await send()
      }
    },
  }
}

/** @returns the token that the proof counts for */
async function prove(origin: string, token: string, questions: Questions): Promise<string> {
  const { methods } = await callServer(origin, endpoints.stepUp, { token })
  const body = methods.includes('password')
    ? { password: await questions.askUnseen('Confirm that it is you. Password: ') }
    : { code: await questions.askUnseen('Confirm that it is you. Code of your authenticator app: ') }
  return (await callServer(origin, endpoints.proveFresh, { token, body })).access_token
}

export function isRefused(error: unknown, code: string): error is ServerRefusal {
  return error instanceof ServerRefusal && error.problem.code === code
}
