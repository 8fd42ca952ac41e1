import { expect, test } from 'vitest'
import { makeKey } from '../support/api-keys'
import { newFolder } from '../support/new-folder'
import { startPython } from '../support/run-python'
import { someEquity } from '../support/runs'
import { dataFolderIn, serveProgram } from '../support/serve-program'
import { startTestServer } from '../support/start-test-server'
import { connect, type TestClient } from '../support/test-client'

const SCOPES = ['ledger:read', 'ledger:write', 'gates:evaluate'] as const

async function startDesk() {
  const server = await startTestServer()
  const ada = await server.signUp('Ada')
  const key = await makeKey(ada, { scopes: [...SCOPES] })
  const environment = { AURELIUS_DATA_FOLDER: server.folder, AURELIUS_API_KEY: key.secret }
  const python = (script: string, changes: Record<string, string> = {}) =>
    startPython(`import aurelius\n${script}`, { ...environment, ...changes }).ended
  return { server, ada, key, python }
}

const runsOf = async (person: TestClient) => (await person.get('/api/v1/backtests')).body.backtests
const curveOf = async (person: TestClient, id: string) =>
  (await person.get(`/api/v1/backtests/${id}/curve?points=20000`)).body

test('a finished run is recorded from whatever a script holds it in', async () => {
  const { ada, python } = await startDesk()

  const { exitCode, stdout, stderr } = await python(`
import datetime, json
day, utc = datetime.date, datetime.timezone.utc

class Series:  # as pandas has it
    def __init__(self, index, values): self.index, self.values_ = index, values
    def items(self): return zip(self.index, self.values_)

class Frame:
    def __init__(self, columns, index=None): self.data, self.index = columns, index
    columns = property(lambda self: list(self.data))
    def __getitem__(self, name): return self.data[name]
    def to_dict(self, kind): return [dict(zip(self.data, row)) for row in zip(*self.data.values())]

class Period:  # as pandas has it
    def __init__(self, at): self.at = at
    def to_timestamp(self): return self.at

class Array:  # as numpy has it: of more than one value there is no item
    def __init__(self, *values): self.values = values
    def item(self): raise ValueError("can only convert an array of size 1 to a Python scalar")
    def tolist(self): return list(self.values)

client = aurelius.Client()
days = [day(2024, 1, 2), day(2024, 1, 3), day(2024, 1, 4)]
naive = [datetime.datetime(each.year, each.month, each.day) for each in days]
values = [100_000, 101_000.5, 99_500]
forms = {
    "pairs": list(zip(days, values)),
    "generator": (pair for pair in zip(days, values)),
    "dict": dict(zip(map(str, days), values)),
    "dicts": [{"time": at.isoformat() + "Z", "equity": value} for at, value in zip(naive, values)],
    "series": Series(naive, values),
    "periods": Series([Period(at) for at in naive], values),
    "frame": Frame({"Equity": values, "DrawdownPct": [0, 0, 0.1]}, naive),
    "columns": Frame({"date": days, "value": values}),
    "milliseconds": [(at.replace(tzinfo=utc).timestamp() * 1000, value) for at, value in zip(naive, values)],
}
for name, equity in forms.items():
    run = client.record_backtest("Forms", equity, label=name, engine="hand", instruments=["SPY"])
    print(json.dumps([name, run["point_count"], run["result_hash"]]))

zoned = client.record_backtest("Forms", [(datetime.datetime(2024, 1, 2, 16), 1.0), (datetime.datetime(2024, 1, 3, 16), 2.0)],
    tz=datetime.timezone(datetime.timedelta(hours=-5)), trades=[dict(
    instrument="SPY", quantity=-10, entry_at="2024-01-02T15:00:00Z", exit_at=datetime.datetime(2024, 1, 3, 15, tzinfo=utc),
    entry_price=470, exit_price=465.5, commission=1)], parameters={"window": 20}, reported_metrics={"total_return": 0.5})
framed = client.record_backtest("Forms", forms["pairs"], instrument="GOOG", parameters={"window": 20}, trades=Frame({
    "Size": [5], "EntryBar": [0], "EntryPrice": [100.0], "ExitPrice": [101.0], "PnL": [4.0], "Commission": [1.0],
    "EntryTime": naive[:1], "ExitTime": naive[1:2], "Tag": [None]}))
away = datetime.timezone(datetime.timedelta(hours=-5))
midnights = client.record_backtest("Forms", [(naive[0], 1), ("2024-01-03T00:00:00", 2), (days[2], 3)], tz=away, parameters={"window": 30})
print(json.dumps([midnights["id"]]))
assert client.record_backtest("None", forms["pairs"], trades=[])["has_trade_list"] is True
assert client.record_backtest("Unknown", forms["pairs"])["has_trade_list"] is False
sweep = client.record_backtest("Sweep", forms["pairs"], parameters={"windows": Array(5, 20), "from": days[0]},
    reported_metrics={"sharpe_ratio": float("nan"), "sortino_ratio": float("inf"), "total_return": -0.005})
assert client.strategy("Sweep")["parameters"] == {"windows": [5, 20], "from": "2024-01-02"}
assert sweep["reported_metrics"] == {"total_return": -0.005}, sweep["reported_metrics"]
try: client.record_backtest("Sweep", forms["pairs"], parameters={"stop": float("nan")})
except ValueError as refused: assert "JSON has no nan" in str(refused), refused
else: raise AssertionError("nan was sent")
told = client.timeline("Forms", limit=200)
assert [each["id"] for each in client.timeline("Forms", limit=3)] == [each["id"] for each in told[:3]]
assert [each["type"] for each in told].count("backtest.completed") == len(forms) + 3 and told[-1]["actor_name"] == "Ada", told
print(json.dumps([zoned["strategy_version"], zoned["difference_count"], framed["strategy_version"], zoned["id"], framed["id"]]))
`)

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const forms = said.slice(0, -2)
  expect(forms.map(([, count]) => count)).toEqual(forms.map(() => 3))
  expect(new Set(forms.map(([, , hash]) => hash)).size).toBe(1)
  const [zonedVersion, differences, framedVersion, zonedId, framedId] = said.at(-1)
  expect({ zonedVersion, differences, framedVersion }).toEqual({ zonedVersion: 2, differences: 1, framedVersion: 2 })
  expect((await curveOf(ada, zonedId)).times).toEqual([Date.UTC(2024, 0, 2, 21), Date.UTC(2024, 0, 3, 21)])
  // A date is a trading day whatever the zone; a midnight of a zone that is known is that of the zone.
  expect((await curveOf(ada, said.at(-2)[0])).times).toEqual([
    Date.UTC(2024, 0, 2, 5),
    Date.UTC(2024, 0, 3, 5),
    Date.UTC(2024, 0, 4),
  ])
  const { body: short } = await ada.get(`/api/v1/backtests/${zonedId}/trades`)
  expect(short.trades).toMatchObject([{ instrument: 'SPY', quantity: -10, commission: 1, profit: 44 }])
  const { body: frame } = await ada.get(`/api/v1/backtests/${framedId}/trades`)
  expect(frame.trades).toMatchObject([{ instrument: 'GOOG', quantity: 5, profit: 4, commission: 1 }])
  expect((await ada.get('/api/v1/strategies?search=Forms')).body.total).toBe(1)
})

const RAISED = `
import sys
def attempt(work):
    try: work()
    except Exception as error:
        rows = getattr(error, "rows", None)
        print(type(error).__name__, "|", getattr(error, "code", ""), "|", [row for row, _ in rows] if rows else "", "|", error)
    else: print("nothing was raised")
`

test('what is wrong is raised as what it is, and leaves nothing behind', async () => {
  const { ada, key, python } = await startDesk()
  const other = await makeKey(ada, { name: 'reads', scopes: ['ledger:read'] })

  const cases = await python(`${RAISED}
client = aurelius.Client(patience=1)
good = [("2024-01-02", 1), ("2024-01-03", 2)]
long = [(1704153600000 + 1000 * each, 1) for each in range(9000)]
attempt(lambda: client.record_backtest("A", [("2024-01-02", 1), ("2024-01-03", float("nan")), ("03.01.2024", 2)]))
attempt(lambda: client.record_backtest("A", [("2024-01-02T09:30:00", 1)]))
attempt(lambda: client.record_backtest("A", [("2024-01-02", 1), ("2024-01-02", 2)]))
attempt(lambda: client.record_backtest("A", good, trades=[dict(instrument="SPY", quantity=1, entry_at="2024-01-03", exit_at="2024-01-02", entry_price=1, exit_price=1)]))
attempt(lambda: client.record_backtest("A", good, trades=[dict(symbol="SPY", price=1)]))
attempt(lambda: client.record_backtest("A", good, enginee="x"))
attempt(lambda: client.record_backtest("A", good, currency="dollars"))
attempt(lambda: client.record_backtest("00000000-0000-4000-8000-000000000000", good))
attempt(lambda: client.backtest("A").complete())
with client.backtest("A", batch=4000) as run:
    attempt(lambda: run.points(long[:6000] + long[5000:5001]))
    attempt(run.complete)
    run._points.clear()
    run.points(long[6000:])
`)
  const refused = await python(
    `${RAISED}
attempt(lambda: aurelius.Client().record_backtest("B", [("2024-01-02", 1), ("2024-01-03", 2)]))
`,
    { AURELIUS_API_KEY: other.secret },
  )
  const wrong = await python(`${RAISED}attempt(lambda: aurelius.Client().strategies())`, {
    AURELIUS_API_KEY: `${key.secret.slice(0, -1)}_`,
  })
  const broken = await python(`${RAISED}attempt(lambda: aurelius.Client())`, {
    AURELIUS_API_KEY: `${key.secret.slice(0, 30)}\n${key.secret.slice(30)}`,
  })
  const none = await python(
    `${RAISED}
attempt(lambda: aurelius.Client())
attempt(lambda: aurelius.Client(key_name="nightly"))
attempt(lambda: aurelius.Client(url="http://example.com"))
`,
    { AURELIUS_API_KEY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
  )
  const away = await python(`${RAISED}attempt(lambda: aurelius.Client())`, { AURELIUS_DATA_FOLDER: newFolder() })

  expect(cases.stderr).toBe('')
  expect(cases.stdout.trim().split('\n')).toEqual([
    expect.stringMatching(
      /^BadRows \| validation_failed \| \[2, 3\] \| Row 2 has an equity that is no finite number: nan\. \(and 1 more\)$/,
    ),
    expect.stringMatching(/^BadRows .* \[1\] .* without a zone, .* say which with tz=/),
    expect.stringMatching(/^BadRows .* \[2\] \| Row 2 of equity is not later than the point before it/),
    expect.stringMatching(/^BadRows .* \[1\] \| Row 1 of trades has an exit_at before its entry_at/),
    expect.stringMatching(/^BadRows .* Row 1 of trades has a field 'price'; there are commission, /),
    expect.stringMatching(/^TypeError .* unknown argument 'enginee'/),
    expect.stringMatching(/^Refused \| validation_failed .* currency: A currency is a code such as USD/),
    expect.stringMatching(/^NotFound \| not_found/),
    expect.stringMatching(/^Refused \| validation_failed .* at least 2 points/),
    expect.stringMatching(/^BadRows .* \[6001\] \| Row 6001 is not later than the point before it/),
    expect.stringMatching(/^BadRows .* \[6001\]/),
  ])
  expect(refused.stdout).toMatch(/^NotAllowed \| insufficient_scope/)
  expect(wrong.stdout).toMatch(/^NotAllowed \| invalid_token/)
  expect(broken.stdout).toMatch(/^NoKey .* What was found as the API key is none/)
  expect(none.stdout.split('\n')).toEqual([
    expect.stringMatching(/^NoKey .* `aurelius run --scope/),
    expect.stringMatching(/^NoKey .* (No keychain answers here|`aurelius keys create --for nightly)/),
    expect.stringMatching(/^ValueError .* in clear/),
    '',
  ])
  expect(away.stdout).toMatch(/^NotRunning .* start the app/)
  for (const { stdout, stderr } of [cases, refused, wrong, broken, none, away])
    expect(stdout + stderr).not.toMatch(/aur_[0-9A-Za-z]{20}/)
  // Of all that was refused there is only the run that was begun with no points, and the one whose bad batch was dropped.
  const runs = await runsOf(ada)
  expect(runs.map(({ status, point_count }: { status: string; point_count: number }) => [status, point_count])).toEqual(
    [
      ['completed', 7_000],
      ['running', 0],
    ],
  )
})

test('a script that is run again as a whole records its runs once, and begins a failed one anew', async () => {
  const { ada, python } = await startDesk()
  const script = `
import os
client = aurelius.Client()
rows = [("2024-01-02", 1), ("2024-01-03", 2), ("2024-01-04", 3)]
whole = client.record_backtest("Whole", rows, idempotency_key="whole")
with client.backtest("Streamed", idempotency_key="streamed") as run:
    run.points(rows[:2])
    run.flush()
    run.progress(0.5)
    if os.environ["ENDS"] == "fails": raise ZeroDivisionError("no price")
    if os.environ["ENDS"] == "is killed": os._exit(9)
    run.points(rows[2:])
print(whole["id"], run.id, run.result["point_count"], run.result["metrics"] is not None)
`
  const ends: (number | null)[] = []
  const told: string[] = []
  for (const ENDS of ['fails', 'is killed', 'well', 'well', 'fails']) {
    const { exitCode, stdout } = await python(script, { ENDS })
    ends.push(exitCode)
    told.push(stdout)
  }

  expect(ends).toEqual([1, 9, 0, 0, 1])
  expect(told[2]).toMatch(/ 3 True\n$/)
  expect(told[3]).toBe(told[2])
  const { strategies } = (await ada.get('/api/v1/strategies')).body
  for (const { id } of strategies) await ada.post(`/api/v1/strategies/${id}/archive`)
  const archived = await python(`print(aurelius.Client().strategy("Streamed")["status"])`)
  expect(archived.stdout).toBe('archived\n')
  const runs = (await runsOf(ada)).map(({ strategy_name, status }: Record<string, string>) => [strategy_name, status])
  expect(runs.sort()).toEqual([
    ['Streamed', 'completed'],
    ['Streamed', 'failed'],
    ['Whole', 'completed'],
  ])
})

test('an error inside a run fails it with the reason, after what was gathered is kept', async () => {
  const { ada, python } = await startDesk()

  const { exitCode, stderr } = await python(`
client = aurelius.Client()
with client.backtest("Broken", expected_points=10) as run:
    run.points([("2024-01-02", 1), ("2024-01-03", 2)])
    run.progress(0.5)
    raise ZeroDivisionError("no price\\nfor SPY")
`)

  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/ZeroDivisionError: no price\nfor SPY\n$/)
  expect(await runsOf(ada)).toMatchObject([
    { status: 'failed', error_message: 'ZeroDivisionError: no price\nfor SPY', point_count: 2 },
  ])
})

test('a script goes on where it was when the server is killed and comes back elsewhere: nothing is lost, nothing doubled', async () => {
  const folder = newFolder()
  const rows = 12_000
  const equity = someEquity(rows)
  const first = await serveProgram(folder)
  const ada = await connect(first.origin).register({
    email: 'ada@example.com',
    password: 'a long enough password',
    name: 'Ada',
  })
  const key = await makeKey(ada, { scopes: [...SCOPES] })
  const script = startPython(
    `
import aurelius, math
client = aurelius.Client(patience=60)
with client.backtest("Momentum", expected_points=${rows}, batch=100) as run:
    for day in range(${rows}):
        at = ${Date.UTC(2020, 0, 1)} + day * 86_400_000
        run.point(at, 100_000 + 40 * day + 1_500 * math.sin(day / 7) + 300 * math.cos(day * 1.7))
        if day % 100 == 0:
            run.trade(instrument="EURUSD", quantity=1 + day, entry_at=at, exit_at=at + 86_400_000, entry_price=1.1, exit_price=1.2)
            print(run.point_count)
client.record_backtest("Momentum", [("2024-01-02", 1), ("2024-01-03", 2)], idempotency_key="nightly")
client.record_backtest("Momentum", [("2024-01-02", 1), ("2024-01-03", 2)], idempotency_key="nightly")
print("done", client.resume(run.id).point_count)
`,
    { AURELIUS_DATA_FOLDER: dataFolderIn(folder), AURELIUS_API_KEY: key.secret },
  )
  await expect.poll(() => script.said().split('\n').length, { timeout: 20_000 }).toBeGreaterThan(30)
  await first.kill()
  const second = await serveProgram(folder)

  const { exitCode, stdout, stderr } = await script.ended
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`done ${rows}\n$`))
  expect(second.origin).not.toBe(first.origin)
  const back = ada.at(second.origin)
  const [nightly, run, ...others] = await runsOf(back)
  expect(others).toEqual([])
  expect(nightly).toMatchObject({ status: 'completed', point_count: 2 })
  expect(run).toMatchObject({ status: 'completed', point_count: rows, trade_count: rows / 100 })
  const { values } = await curveOf(back, run.id)
  expect(values).toHaveLength(rows)
  // The sine of another library may differ in its last bit.
  values.forEach((value: number, index: number) => {
    expect(Math.abs(value - (equity[index]?.equity ?? 0))).toBeLessThan(1e-6)
  })
  expect((await back.get('/api/v1/strategies')).body.total).toBe(1)
})
