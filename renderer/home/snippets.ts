export interface Snippet {
  title: string
  note: string
  code: string
}

/** With the client that `SavePythonClient` hands over; it finds the app and its key by itself. */
export const RECORD_A_BACKTEST = `import aurelius

client = aurelius.Client()
run = client.record_backtest(
    "Buy and hold",
    [("2024-01-02", 100_000), ("2024-01-03", 100_420), ("2024-01-04", 99_870)],
    parameters={"weight": 1.0},
    data_source="my prices",
)
print(run["metrics"]["figures"]["total_return"])`

export const RUN_IT = 'aurelius run --scope ledger:read,ledger:write my_script.py'

export const clientSnippets: Snippet[] = [
  {
    title: 'Record a backtest',
    note: 'Save aurelius.py beside your script: one file, nothing to install, Python 3.9 or newer.',
    code: RECORD_A_BACKTEST,
  },
  {
    title: 'Run it with a key of its own',
    note: 'The key is in no file, ends with the script and lasts an hour at most. Sign in once with: aurelius login',
    code: RUN_IT,
  },
]

/**
 * For bash and zsh with nothing but curl and sed. Neither password nor token is ever an argument of a program.
 * All of the sign-in is one substitution: a shell reads it whole, so that `read` cannot take a pasted line for the password.
 */
export function curlSnippets(origin: string, email: string): Snippet[] {
  return [
    {
      title: 'Sign in',
      note: 'Asks for your password, so that it stays out of the shell history, and keeps the access token in a variable.',
      code: `BASE_URL=${origin}
TOKEN=$(
  printf 'Password: ' >&2; read -rs PASSWORD; echo >&2
  printf '%s' "$PASSWORD" | sed 's/[\\\\"]/\\\\&/g' |
    sed ${shellQuoted(`s/.*/{"email": "${sedEscaped(email)}", "password": "&"}/`)} |
    curl -sSf -H 'Content-Type: application/json' -d @- "$BASE_URL/api/auth/login" |
    sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'
)`,
    },
    {
      title: 'Verify the session',
      note: 'Answers with your account while the session lives, with 401 after.',
      code: `printf 'Authorization: Bearer %s' "$TOKEN" |
  curl -sSf -H @- "$BASE_URL/api/auth/verify"`,
    },
  ]
}

/** Standard library only. */
export function pythonSnippets(origin: string, email: string): Snippet[] {
  return [
    {
      title: 'Sign in',
      note: 'Asks for your password, so that it stands in no file, and keeps the access token in a variable.',
      code: `import json
from getpass import getpass
from urllib.request import Request, urlopen

base_url = ${JSON.stringify(origin)}
credentials = {"email": ${JSON.stringify(email)}, "password": getpass()}
sign_in = Request(
    f"{base_url}/api/auth/login",
    data=json.dumps(credentials).encode(),
    headers={"Content-Type": "application/json"},
)
token = json.load(urlopen(sign_in))["access_token"]`,
    },
    {
      title: 'Verify the session',
      note: 'Prints your account while the session lives, raises HTTPError 401 after.',
      code: `verify = Request(
    f"{base_url}/api/auth/verify",
    headers={"Authorization": f"Bearer {token}"},
)
print(json.load(urlopen(verify))["user"])`,
    },
  ]
}

/** For the right side of an `s` command, where these three mean something. */
function sedEscaped(text: string): string {
  return text.replace(/[\\/&]/g, '\\$&')
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
