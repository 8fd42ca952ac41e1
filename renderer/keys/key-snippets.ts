import type { Scope } from '../../contracts/scopes'

/** How a script uses a key that stands in its environment: no line holds the key itself. */
export function keySnippets(origin: string, scopes: Scope[]): Record<'Python' | 'R' | 'curl', string> {
  const url = origin + (scopes.includes('ledger:read') ? '/api/v1/strategies' : '/api/auth/verify')
  return {
    Python: `import json, os
from urllib.request import Request, urlopen

request = Request(
    ${JSON.stringify(url)},
    headers={"Authorization": f"Bearer {os.environ['AURELIUS_API_KEY']}"},
)
print(json.load(urlopen(request)))`,
    R: `library(httr2)

request(${JSON.stringify(url)}) |>
  req_auth_bearer_token(Sys.getenv("AURELIUS_API_KEY")) |>
  req_perform() |>
  resp_body_json()`,
    curl: `printf 'Authorization: Bearer %s' "$AURELIUS_API_KEY" |
  curl -sSf -H @- ${url}`,
  }
}
