import { tokenReply } from '../../contracts/auth'
import { expectContract } from './contract'

export interface Reply {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test may look into any body
  body: any
}

export interface RequestOptions {
  headers?: Record<string, string>
  /** Sent as it is, instead of a JSON body. */
  raw?: string | Uint8Array<ArrayBuffer>
}

export interface Account {
  email: string
  password: string
  name: string
}

export interface TestClient {
  origin: string
  token: string
  account: Account
  request(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
  get(path: string, options?: RequestOptions): Promise<Reply>
  post(path: string, body?: unknown, options?: RequestOptions): Promise<Reply>
  withToken(token: string): TestClient
  at(origin: string): TestClient
  register(person: Account): Promise<TestClient>
  login(person: Account): Promise<TestClient>
}

/** Speaks to a server as a script would; with a token it is signed in. */
export function connect(origin: string, token?: string, account?: Account): TestClient {
  async function request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    const reply = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined && options.raw === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...options.headers,
      },
      ...(body === undefined && options.raw === undefined ? {} : { body: options.raw ?? JSON.stringify(body) }),
    })
    const text = await reply.text()
    const isJson = /[/+]json(;|$)/.test(reply.headers.get('content-type') ?? '')
    const answer = {
      status: reply.status,
      headers: reply.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    }
    if (/^\/api(\/|$)/.test(path)) expectContract(method, path, answer)
    return answer
  }

  async function signedIn(path: string, body: Partial<Account>, known: Account) {
    const reply = await request('POST', path, body)
    if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
    return connect(origin, tokenReply.parse(reply.body).access_token, known)
  }

  return {
    origin,
    token: token ?? '',
    account: account ?? { email: '', password: '', name: '' },
    request,
    get: (path: string, options?: RequestOptions) => request('GET', path, undefined, options),
    post: (path: string, body?: unknown, options?: RequestOptions) => request('POST', path, body, options),
    withToken: (other: string) => connect(origin, other, account),
    at: (otherOrigin: string) => connect(otherOrigin, token, account),
    register: (person: Account): Promise<TestClient> => signedIn('/api/auth/register', person, person),
    login: (person: Account): Promise<TestClient> =>
      signedIn('/api/auth/login', { email: person.email, password: person.password }, person),
  }
}
