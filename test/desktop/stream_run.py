"""Streams a run to the running app with nothing but Python's own library.

Reads the API key, the strategy and then how many batches to send, a line each. Every request is sent again until it is
answered: sent twice, it counts once.
"""
import json
import math
import sys
import time
import urllib.error
import urllib.request

DATA_FOLDER = sys.argv[1]
BATCH = 20
BATCHES = 30
DAY = 86_400


def read_line():
    return sys.stdin.readline().strip()


def call(method, path, body=None, headers=None):
    tries = 0
    while True:
        try:
            with open(DATA_FOLDER + "/runtime.json", encoding="utf-8") as file:
                origin = json.load(file)["origin"]  # it may be another one after a restart
            request = urllib.request.Request(
                origin + path,
                method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Authorization": "Bearer " + KEY, "Content-Type": "application/json", **(headers or {})},
            )
            with urllib.request.urlopen(request, timeout=10) as reply:
                return json.load(reply), tries
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
        except (OSError, ValueError):
            pass
        tries += 1
        time.sleep(0.05)


def point(index):
    at = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(1_577_836_800 + index * DAY))
    return [at, 100_000 + 40 * index + 1_500 * math.sin(index / 7)]


def say(**what):
    print(json.dumps(what), flush=True)


KEY = read_line()
start = {"strategy_id": read_line(), "label": "Streamed by a script", "expected_points": BATCH * BATCHES}
run, _ = call("POST", "/api/v1/backtests", start, {"Idempotency-Key": "one-run-of-the-script"})
say(run=run["id"])
sent = 0
while sent < BATCHES:
    for _ in range(int(read_line())):
        points = [point(index) for index in range(sent * BATCH, (sent + 1) * BATCH)]
        reply, tries = call("POST", "/api/v1/backtests/%s/points?offset=%d" % (run["id"], sent * BATCH), points)
        sent += 1
        say(sent=sent, point_count=reply["point_count"], tries=tries)
again, _ = call("POST", "/api/v1/backtests", start, {"Idempotency-Key": "one-run-of-the-script"})
done, _ = call("POST", "/api/v1/backtests/%s/complete" % run["id"], {"point_count": BATCH * BATCHES})
say(again=again["id"], status=done["status"], points=[point(index) for index in range(BATCH * BATCHES)])
