export interface Snippet {
  title: string
  note: string
  code: string
}

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
