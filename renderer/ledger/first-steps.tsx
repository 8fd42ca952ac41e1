import { Link } from 'react-router'
import { CopyButton } from '../ui/copy-button'
import styles from './ledger.module.css'

/** The ledger with nothing in it: how evidence gets there. */
export function FirstSteps() {
  const code = script(window.location.origin)
  return (
    <div className={styles.empty}>
      <p>
        Nothing is recorded yet. A strategy is made here with <strong>New strategy</strong>, or by a script that records
        a run of it. This one needs nothing but Python; the <Link to="/">overview</Link> says how it signs in.
      </p>
      <div className={styles.snippet}>
        <pre>
          <code>{code}</code>
        </pre>
        <CopyButton text={code} what="script" />
      </div>
    </div>
  )
}

const script = (origin: string) => `import json, os
from urllib.request import Request, urlopen

def post(path, body):
    request = Request(
        "${origin}/api/v1" + path,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": "Bearer " + os.environ["AURELIUS_TOKEN"],
            "Content-Type": "application/json",
        },
    )
    return json.load(urlopen(request))

strategy = post("/strategies", {
    "name": "Buy and hold",
    "strategy_type": "benchmark",
    "parameters": {"weight": 1.0},
})
run = post("/backtests/record", {
    "strategy_id": strategy["id"],
    "data_source": "my prices",
    "equity": [["2024-01-02", 100000], ["2024-01-03", 100420], ["2024-01-04", 99870]],
})
print(run["metrics"]["figures"]["total_return"])`
