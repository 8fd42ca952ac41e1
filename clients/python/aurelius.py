"""
Aurelius from Python: record backtests in the research ledger of the app that runs on this machine.

One file, no dependencies, Python 3.9 or newer. Put it beside your script, or somewhere on your path.

    import aurelius

    client = aurelius.Client()                      # finds the running app; the key comes from `aurelius run`
    client.record_backtest("Momentum", equity, trades=trades, parameters={"window": 20})

    with client.backtest("Momentum", parameters={"window": 20}, expected_points=2_500) as run:
        for day in days:
            run.point(day, account.value)           # the dashboard's curve grows while the script runs
    print(run.result["metrics"]["figures"]["sharpe_ratio"])

Equity may be a pandas Series with a DatetimeIndex, a DataFrame with an `equity` column, a dict of time to value, or any
iterable of (time, value). Trades may be a DataFrame or an iterable of dicts. pandas is never imported.

**Nothing is lost and nothing is doubled.** A request that gets no answer, because the app was closed, killed or is being
updated, is sent again with growing pauses until it comes back; the server knows a repetition from something new.

**Keys.** The client takes its API key from the variable AURELIUS_API_KEY, which `aurelius run script.py` sets, or from the
keychain, where `aurelius keys create --for NAME` put it: `Client(key_name="NAME")`. A key is never printed or logged.
"""

from __future__ import annotations

import array
import datetime
import gzip
import hashlib
import http.client
import json
import logging
import math
import os
import random
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from typing import Any, Iterable, Mapping, NamedTuple, Optional, Union

__version__ = "1.0.0"
__all__ = [
    "AureliusError",
    "BadRows",
    "Client",
    "Fault",
    "NoKey",
    "NotAllowed",
    "NotFound",
    "NotRunning",
    "Refused",
    "Run",
    "RunEnded",
    "Unreachable",
]

_log = logging.getLogger("aurelius")

_DAY_MS = 86_400_000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_LONGEST_PAUSE = 8.0
_SHORT_PATIENCE = 10.0  # seconds, for what is sent while a script is ending
_LEAST_MS_AS_NUMBER = 1e11  # nearer to 1970 the API takes a number for seconds
_WORTH_PACKING = 1_400  # bytes; less fits into one packet anyway
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_TRY_AGAIN = (429, 502, 503, 504)

_FACTS = frozenset(
    "label start_date end_date initial_capital currency instruments seed data_source data_fingerprint engine "
    "engine_version code_revision periods_per_year risk_free_rate day_start_minutes trials".split()
)
_TRADE_FIELDS = frozenset(
    "instrument side quantity entry_at exit_at entry_price exit_price commission profit".split()
)
# What backtesting.py calls them, and usual names in a DataFrame.
_TRADE_NAMES = {
    "symbol": "instrument",
    "ticker": "instrument",
    "size": "quantity",
    "qty": "quantity",
    "direction": "side",
    "entrytime": "entry_at",
    "entry_time": "entry_at",
    "exittime": "exit_at",
    "exit_time": "exit_at",
    "entryprice": "entry_price",
    "exitprice": "exit_price",
    "fees": "commission",
    "pnl": "profit",
}

Time = Union[datetime.datetime, datetime.date, str, int, float]


# --- what can go wrong -------------------------------------------------------------------------------------------------


class AureliusError(Exception):
    """Whatever this module raises. Its text is one sentence for people."""


class NotRunning(AureliusError):
    """No app or server is running on this machine, or not with this data folder."""


class NoKey(AureliusError):
    """There is no API key, neither in the environment nor in the keychain."""


class Unreachable(AureliusError):
    """The app did not answer for as long as the client was told to be patient. What was not sent is still held."""


class Refused(AureliusError):
    """
    The server said no.

    status: the HTTP status; code: a stable word to branch on, for example "not_found"; errors: for a request that is not
    valid, a list of {"field", "message", "code"}.
    """

    def __init__(self, message: str, status: int, code: str, errors: list[dict[str, str]]):
        super().__init__(message)
        self.status = status
        self.code = code
        self.errors = errors


class NotAllowed(Refused):
    """The key does not count, has expired, or does not include what this takes."""


class NotFound(Refused):
    """There is no such thing, or none that the owner of the key may see."""


class RunEnded(Refused):
    """The run is completed or failed already, or holds other rows than those that were sent."""


class Fault(NamedTuple):
    """What is wrong with one row."""

    row: Optional[int]  # from 1, in the order in which rows were given; None where all of them are meant
    message: str


class BadRows(Refused, ValueError):
    """Rows are not right; none of the batch was kept. `rows` says which and why, at most 50 of them."""

    def __init__(self, rows: list[Fault], status: int = 422, errors: Optional[list[dict[str, str]]] = None):
        first = rows[0].message if rows else "Rows are not right."
        more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
        super().__init__(first + more, status, "validation_failed", errors or [])
        self.rows = rows


# --- the client --------------------------------------------------------------------------------------------------------


class Client:
    """
    Speaks to the Aurelius that runs on this machine. One client may be used by several threads.

    key_name: which key of the keychain to use where AURELIUS_API_KEY is not set; AURELIUS_KEY_NAME says the same
    url: another address than that of the running app; only https unless it is this machine
    data_folder: where the app keeps its data, if not in the usual place
    patience: for how many seconds a request is sent again while nobody answers
    timeout: how long one attempt waits for an answer, seconds

    Raises NotRunning, NoKey.
    """

    def __init__(
        self,
        *,
        key_name: Optional[str] = None,
        url: Optional[str] = None,
        data_folder: Optional[str] = None,
        patience: float = 300.0,
        timeout: float = 60.0,
    ):
        named = data_folder or os.environ.get("AURELIUS_DATA_FOLDER")
        self._folder = os.path.abspath(named or _data_folder())
        # An app that comes back may have another port, so where its folder is known, its file there says the address.
        given = url or (None if named else os.environ.get("AURELIUS_URL"))
        self._fixed = _checked_url(given) if given else None
        self.patience = patience
        self.timeout = timeout
        self._local = threading.local()
        if self._find() is None:
            raise NotRunning("Aurelius is not running: start the app, then run the script again.")
        self._key = _checked_key(_find_key(key_name or os.environ.get("AURELIUS_KEY_NAME"), self._folder))

    def __repr__(self) -> str:
        return f"<aurelius.Client {self._find() or 'not running'}>"

    def close(self) -> None:
        """Closes this thread's connection; the next request opens one again."""
        self._hang_up()

    def __del__(self) -> None:
        if hasattr(self, "_local"):
            self._hang_up()

    # -- strategies

    def strategies(self, search: Optional[str] = None) -> list[dict[str, Any]]:
        """
        The strategies you see that are not archived, the newest first; `search` is found in names, types, tags and
        descriptions.
        """
        return self._strategies({"search": search})

    def timeline(self, strategy: str, limit: int = 20) -> list[dict[str, Any]]:
        """
        What happened to a strategy (its id or exact name), newest first: at most `limit` events, without the progress of
        its runs. Each has `type`, `at`, `actor_name`, `subject_id` and `data`. Raises as `strategy` does.
        """
        found = self.strategy(strategy)
        events: list[dict[str, Any]] = []
        cursor = None
        while len(events) < limit:
            asked = {"strategy_id": found["id"], "limit": min(limit - len(events), 100), "cursor": cursor}
            page = self._call("GET", "/events/recent", query=asked)
            events += page["events"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        return events

    def _strategies(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        query = {"limit": 100, **asked}
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self._call("GET", "/strategies", query={**query, "cursor": cursor})
            found += page["strategies"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def strategy(self, strategy: str) -> dict[str, Any]:
        """A strategy by its id or its exact name. Raises NotFound; ValueError where several have this name."""
        if _UUID.match(strategy):
            return self._call("GET", f"/strategies/{strategy}")
        alike = self._strategies({"search": strategy[:200], "status": "any"})
        named = [each for each in alike if each["name"] == strategy.strip()]
        if not named:
            raise NotFound(f"There is no strategy named {strategy!r}.", 404, "not_found", [])
        if len(named) > 1:
            raise ValueError(f"{len(named)} strategies are named {strategy!r}: give the id of one of them.")
        return named[0]

    def _resolve(
        self, strategy: str, strategy_type: str, parameters: Optional[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Which strategy and version a run is of; an unknown name becomes a new strategy."""
        trouble = _Trouble(self.patience)
        while True:
            try:
                found = self.strategy(strategy)
                break
            except NotFound:
                if _UUID.match(strategy):
                    raise
            body = {"name": strategy, "strategy_type": strategy_type, "parameters": dict(parameters or {})}
            try:
                made = self._call("POST", "/strategies", body, once=True)
                if parameters is None:  # the script states no version the next time either
                    return {"strategy_id": made["id"]}
                return {"strategy_id": made["id"], "strategy_version": made["version"]}
            except _NoAnswer as error:
                trouble.wait(error)  # it may have been made: look again
        if parameters is None:
            return {"strategy_id": found["id"]}
        version = self._call("POST", f"/strategies/{found['id']}/versions", {"parameters": dict(parameters)})
        return {"strategy_id": found["id"], "strategy_version": version["version"]}

    # -- backtests

    def record_backtest(
        self,
        strategy: str,
        equity: Any,
        *,
        trades: Any = None,
        parameters: Optional[Mapping[str, Any]] = None,
        strategy_type: str = "other",
        reported_metrics: Optional[Mapping[str, float]] = None,
        instrument: Optional[str] = None,
        tz: Any = None,
        idempotency_key: Optional[str] = None,
        **facts: Any,
    ) -> dict[str, Any]:
        """
        Records a finished run in one request: all of it or nothing.

        strategy: name or id; a name that is new becomes a strategy of this `strategy_type`
        equity: account value by time, oldest first (see the module's text for the forms it may have)
        trades: one dict or row per round trip: instrument, quantity (negative is short), entry_at, exit_at, entry_price,
            exit_price, and perhaps side, commission and profit
        parameters: what the strategy was set to; others than the newest ones make a new version
        reported_metrics: your own figures by our names, kept beside ours, for example {"sharpe_ratio": 1.2}
        instrument: for trades that name none
        tz: zone of times that have none, such as "UTC" or "America/New_York"; where it is not given, a midnight without
            a zone is a trading day, as a date always is
        idempotency_key: makes it safe to run the whole script again: the same key records the same run only once
        facts: label, currency, instruments, seed, data_source, data_fingerprint, engine, engine_version, code_revision,
            initial_capital, start_date, end_date, periods_per_year, risk_free_rate, day_start_minutes, trials

        Returns the run with its figures, as the API describes it. Raises BadRows, Refused, Unreachable.
        """
        _check_facts(facts)
        zone = _zone(tz)
        points = list(_points(equity, zone))
        rows = list(_trades(trades, zone, instrument, 0)) if trades is not None else []
        body = {**self._resolve(strategy, strategy_type, parameters), **facts}
        if reported_metrics is not None:
            body["reported_metrics"] = _figures(reported_metrics)
        # A line for each row, so that what the server says of a line is about one.
        parts = [_json(body)[:-1]]
        parts.append(', "equity": [\n' + ",\n".join(json.dumps([_time_text(at), value]) for at, value in points) + "\n]")
        if trades is not None:
            parts.append(', "trades": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]")
        text = ("".join(parts) + "}").encode()
        return self._call("POST", "/backtests/record", text, key=idempotency_key or str(uuid.uuid4()))

    def backtest(
        self,
        strategy: str,
        *,
        parameters: Optional[Mapping[str, Any]] = None,
        strategy_type: str = "other",
        expected_points: Optional[int] = None,
        instrument: Optional[str] = None,
        tz: Any = None,
        idempotency_key: Optional[str] = None,
        batch: int = 5_000,
        seconds: float = 1.0,
        **facts: Any,
    ) -> "Run":
        """
        Starts a run to stream into; use it with `with`, which completes it, or fails it with what was raised.

        expected_points: how many there will be, from which the dashboard tells the progress
        batch, seconds: rows are sent when so many have gathered, or so much time has gone by
        idempotency_key: makes it safe to run the whole script again: a run that is completed already is answered with its
            `result`, and ignores what it is given; one that was interrupted goes on; one that failed is begun anew
        The other arguments are those of `record_backtest`.
        """
        _check_facts(facts)
        body = {**self._resolve(strategy, strategy_type, parameters), **facts}
        if expected_points is not None:
            body["expected_points"] = expected_points
        zone = _zone(tz)
        key = idempotency_key or str(uuid.uuid4())
        started = self._call("POST", "/backtests", body, key=key)
        while started["status"] == "failed":
            # The same key each time, so that the attempt after a failed one is not doubled either.
            key = hashlib.sha256(f"{key} {started['id']}".encode()).hexdigest()
            started = self._call("POST", "/backtests", body, key=key)
        run = Run(self, started, zone, instrument, batch, seconds)
        if started["status"] == "completed":
            run.result, run._was_there = started, True
        return run

    def resume(self, run_id: str, *, tz: Any = None, instrument: Optional[str] = None) -> "Run":
        """
        Goes on with a run that another process began. `run.point_count` and `run.trade_count` say what it holds; give it
        what follows.
        """
        held = self._call("GET", f"/backtests/{run_id}")
        run = Run(self, held, _zone(tz), instrument, 5_000, 1.0)
        run._points_sent, run._trades_sent = held["point_count"], held["trade_count"]
        return run

    def get_backtest(self, run_id: str) -> dict[str, Any]:
        """A run with all its figures."""
        return self._call("GET", f"/backtests/{run_id}")

    def evaluate_gate(self, strategy: str, gate: str, **evidence: Any) -> dict[str, Any]:
        """
        Holds a strategy against a gate: dev, crv or product. The result is kept for ever; its `verdict` is passed, failed
        or inconclusive. `evidence` may be strategy_version, backtest_id, validation_id; the newest counts otherwise.
        """
        found = self.strategy(strategy)
        return self._call("POST", f"/strategies/{found['id']}/gates/{gate}/evaluate", evidence, once=True)

    # -- requests

    def _find(self) -> Optional[str]:
        return self._fixed or _runtime_origin(self._folder)

    def _call(
        self,
        method: str,
        path: str,
        body: Union[None, bytes, Mapping[str, Any]] = None,
        *,
        kind: str = "application/json",
        query: Optional[Mapping[str, Any]] = None,
        key: Optional[str] = None,
        once: bool = False,
        offset: int = 0,
        patience: Optional[float] = None,
    ) -> dict[str, Any]:
        """
        One operation of the API, tried until it is answered. All that are sent more than once are safe to repeat: they
        read, carry a key or an offset, or change nothing the second time; `once` is for the others.
        """
        content = _json(body).encode() if isinstance(body, Mapping) else body
        headers = {"Accept": "application/json", "User-Agent": f"aurelius-python/{__version__}"}
        headers["Authorization"] = f"Bearer {self._key}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if content is not None:
            headers["Content-Type"] = kind
            if len(content) > _WORTH_PACKING:
                content = gzip.compress(content, 1)
                headers["Content-Encoding"] = "gzip"
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        target = "/api/v1" + path + ("?" + urllib.parse.urlencode(asked) if asked else "")
        trouble = _Trouble(self.patience if patience is None else patience)
        while True:
            if once:
                self._hang_up()  # a connection that was closed as idle would look like an answer that was lost
            try:
                status, reply = self._attempt(method, target, content, headers)
            except (OSError, http.client.HTTPException) as error:
                self._hang_up()
                failure = _NoAnswer(error)
                if once and not isinstance(error, ConnectionRefusedError):
                    raise failure from error
                trouble.wait(failure)
                continue
            if status in _TRY_AGAIN and trouble.allows(reply):
                continue
            if status >= 400:
                raise _refusal(status, reply, offset)
            return reply

    def _attempt(
        self, method: str, target: str, content: Optional[bytes], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        origin = self._find()
        if origin is None:
            raise ConnectionRefusedError("Aurelius is not running")
        connection = self._connection(origin)
        connection.request(method, target, body=content, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        try:
            reply = json.loads(text)
        except ValueError:
            reply = {}
        if not isinstance(reply, dict):
            reply = {}
        after = answer.headers.get("Retry-After", "")
        if after.isdigit():
            reply["retry_after"] = int(after)
        return answer.status, reply

    def _connection(self, origin: str) -> http.client.HTTPConnection:
        held = getattr(self._local, "held", None)
        # After a fork the socket is the parent's.
        if held is not None and held[:2] == (origin, os.getpid()):
            return held[2]
        parts = urllib.parse.urlsplit(origin)
        if parts.scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout)
        self._local.held = (origin, os.getpid(), made)
        return made

    def _hang_up(self) -> None:
        held = getattr(self._local, "held", None)
        self._local.held = None
        if held is not None and held[1] == os.getpid():
            held[2].close()


class Run:
    """
    A run that is being streamed. Rows gather here and are sent in batches; `flush` sends what there is.

    id, strategy_id, strategy_version: what it is in the ledger
    point_count, trade_count: how many rows the server has confirmed
    result: the run with its figures, once it is completed; else None
    """

    def __init__(
        self,
        client: Client,
        started: Mapping[str, Any],
        zone: Optional[datetime.tzinfo],
        instrument: Optional[str],
        batch: int,
        seconds: float,
    ):
        self._client = client
        self._zone = zone
        self._instrument = instrument
        self._batch = max(1, batch)
        self._seconds = seconds
        self.id: str = started["id"]
        self.strategy_id: str = started["strategy_id"]
        self.strategy_version: int = started["strategy_version"]
        self.point_count: int = started["point_count"]
        self.trade_count: int = started["trade_count"]
        self.result: Optional[dict[str, Any]] = None
        self._was_there = False  # an earlier run of the script completed it: rows are not looked at
        self._points: list[tuple[int, float]] = []
        self._trades: list[dict[str, Any]] = []
        self._points_sent = 0
        self._trades_sent = 0
        self._sent_at = time.monotonic()

    def __repr__(self) -> str:
        return f"<aurelius.Run {self.id}, {self.point_count} points, {self.trade_count} trades>"

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], _traceback: Any) -> None:
        if error is None:
            if self.result is None:
                self.complete()
            return
        if self._was_there:
            return
        reason = "The script was interrupted." if isinstance(error, KeyboardInterrupt) else f"{kind.__name__}: {error}"
        # What went wrong in the script is what its author has to see, whatever goes wrong here.
        try:
            self._send(_SHORT_PATIENCE)
        except AureliusError as second:
            _log.info("Not all rows of the run %s could be sent: %s", self.id, second)
        try:
            self.fail(reason)
        except AureliusError as second:
            _log.warning("The run %s could not be failed: %s", self.id, second)

    def point(self, at: Time, equity: float) -> None:
        """Adds one point: when, and what the account was worth."""
        self.points(((at, equity),))

    def points(self, equity: Any) -> None:
        """Adds points, in any of the forms that `record_backtest` takes."""
        if self._was_there:
            return
        self._points += _points(equity, self._zone, self._points_sent + len(self._points))
        self._send_if_due()

    def trade(self, **trade: Any) -> None:
        """Adds one trade: instrument, quantity, entry_at, exit_at, entry_price, exit_price …"""
        self.trades((trade,))

    def trades(self, trades: Any) -> None:
        """Adds trades, in any of the forms that `record_backtest` takes."""
        if self._was_there:
            return
        self._trades += _trades(trades, self._zone, self._instrument, self._trades_sent + len(self._trades))
        self._send_if_due()

    def progress(self, fraction: float) -> None:
        """Tells how far the run has come, 0 to 1, where that does not show in its points."""
        if self._was_there:
            return
        self._client._call("POST", f"/backtests/{self.id}/progress", {"progress": fraction})

    def flush(self) -> None:
        """Sends what has gathered. Raises BadRows, Unreachable; what was not sent is still held then."""
        self._send(self._client.patience)

    def _send(self, patience: float) -> None:
        while self._points:
            part = self._points[: self._batch]
            # Pairs of Float64, which cost the server next to nothing to read.
            numbers = array.array("d", [number for pair in part for number in pair])
            if sys.byteorder == "big":
                numbers.byteswap()
            self._append("points", numbers.tobytes(), "application/octet-stream", self._points_sent, patience)
            self._points_sent += len(part)
            del self._points[: len(part)]
        while self._trades:
            some = self._trades[: self._batch]
            text = "\n".join(json.dumps(trade) for trade in some).encode()
            self._append("trades", text, "application/x-ndjson", self._trades_sent, patience)
            self._trades_sent += len(some)
            del self._trades[: len(some)]
        self._sent_at = time.monotonic()

    def complete(self, reported_metrics: Optional[Mapping[str, float]] = None) -> dict[str, Any]:
        """Sends what is left and closes the run; answers it with its figures."""
        if self._was_there and self.result is not None:
            return self.result
        self.flush()
        body: dict[str, Any] = {"point_count": self._points_sent, "trade_count": self._trades_sent}
        if reported_metrics is not None:
            body["reported_metrics"] = _figures(reported_metrics)
        self.result = self._client._call("POST", f"/backtests/{self.id}/complete", body)
        self.point_count, self.trade_count = self.result["point_count"], self.result["trade_count"]
        return self.result

    def fail(self, reason: str) -> None:
        """Closes the run as failed; what it holds stays to be looked at."""
        said = re.sub(r"[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", " ", reason)[:4_000].strip()
        body = {"reason": said or "The script failed."}
        self._client._call("POST", f"/backtests/{self.id}/fail", body, patience=_SHORT_PATIENCE)

    def _send_if_due(self) -> None:
        held = len(self._points) + len(self._trades)
        if held >= self._batch or (held and time.monotonic() - self._sent_at >= self._seconds):
            self.flush()

    def _append(self, rows: str, content: bytes, kind: str, offset: int, patience: float) -> None:
        path = f"/backtests/{self.id}/{rows}"
        at = {"offset": offset}
        held = self._client._call("POST", path, content, kind=kind, query=at, offset=offset, patience=patience)
        self.point_count, self.trade_count = held["point_count"], held["trade_count"]


# --- no answer, and answers that say no --------------------------------------------------------------------------------


class _NoAnswer(Unreachable):
    def __init__(self, cause: BaseException):
        super().__init__(f"Aurelius does not answer ({cause}): look whether it is running.")


class _Trouble:
    """Pauses between attempts: none before the second, then longer ones, until patience is at its end."""

    def __init__(self, patience: float):
        self._patience = patience
        self._attempts = 0
        self._since: Optional[float] = None

    def wait(self, failure: _NoAnswer) -> None:
        if not self._pause(0.0):
            raise Unreachable(f"{failure} It was tried for {self._patience:.0f} seconds.") from failure

    def allows(self, reply: Mapping[str, Any]) -> bool:
        return self._pause(float(reply.get("retry_after", 0)))

    def _pause(self, asked: float) -> bool:
        now = time.monotonic()
        if self._since is None:
            self._since = now
        # The first time a connection is lost it was often just closed as idle.
        pause = 0.0 if self._attempts == 0 else min(_LONGEST_PAUSE, 0.1 * 2 ** min(self._attempts, 10))
        pause = max(asked, pause * random.uniform(0.5, 1.0))
        self._attempts += 1
        if now + pause - self._since > self._patience:
            return False
        if self._attempts == 2:
            _log.info("Aurelius does not answer; trying again for %.0f seconds", self._patience)
        time.sleep(pause)
        return True


def _refusal(status: int, reply: Mapping[str, Any], offset: int) -> Refused:
    detail = str(reply.get("detail") or f"Aurelius answered with status {status}.")
    code = str(reply.get("code") or "unknown")
    errors = [error for error in reply.get("errors") or [] if isinstance(error, dict)]
    if any(error.get("code") == "invalid_row" for error in errors):
        return BadRows([_fault(error, offset) for error in errors], status, errors)
    if errors:
        detail = " ".join(f"{error.get('field')}: {error.get('message')}" for error in errors)
    kind = {401: NotAllowed, 403: NotAllowed, 404: NotFound, 409: RunEnded}.get(status, Refused)
    return kind(detail, status, code, errors)


def _fault(error: Mapping[str, Any], offset: int) -> Fault:
    """The server counts the rows of a batch; people count those of their run."""
    message = str(error.get("message"))
    found = re.match(r"Row (\d+)", message)
    if not found:
        return Fault(None, message)
    row = int(found.group(1)) + offset
    return Fault(row, f"Row {row}{message[found.end():]}")


# --- rows --------------------------------------------------------------------------------------------------------------


def _points(equity: Any, zone: Optional[datetime.tzinfo], before: int = 0) -> Iterable[tuple[int, float]]:
    """Times in ms and values. Raises BadRows with the rows that are neither."""
    faults: list[Fault] = []
    found: list[tuple[int, float]] = []
    for row, (at, value) in enumerate(_pairs(equity), before + 1):
        try:
            found.append((_milliseconds(at, zone), _number(value, "equity")))
        except ValueError as error:
            faults.append(Fault(row, f"Row {row} {error}."))
            if len(faults) == 50:
                break
    if faults:
        raise BadRows(faults)
    return found


def _pairs(equity: Any) -> Iterable[tuple[Any, Any]]:
    columns = getattr(equity, "columns", None)
    if columns is not None:
        return _frame_pairs(equity, list(columns))
    if isinstance(equity, Mapping):
        return equity.items()
    if hasattr(equity, "index") and hasattr(equity, "items"):  # a Series
        return equity.items()
    return (_pair(row) for row in equity)


def _pair(row: Any) -> tuple[Any, Any]:
    if isinstance(row, Mapping):
        return row.get("time"), row.get("equity")
    try:
        at, value = row
    except (TypeError, ValueError):
        return None, row
    return at, value


def _frame_pairs(frame: Any, columns: list[Any]) -> Iterable[tuple[Any, Any]]:
    names = {str(column).lower(): column for column in columns}
    value = next((names[name] for name in ("equity", "value", "balance") if name in names), None)
    at = next((names[name] for name in ("time", "date", "datetime", "timestamp") if name in names), None)
    if value is None:
        others = [column for column in columns if column != at]
        if len(others) != 1:
            raise ValueError("The DataFrame has no column named equity: rename the one that holds it.")
        value = others[0]
    return zip(frame.index if at is None else frame[at], frame[value])


def _trades(trades: Any, zone: Optional[datetime.tzinfo], instrument: Optional[str], before: int) -> list[dict[str, Any]]:
    """Trades as the API takes them. Raises BadRows with those that are not right."""
    is_frame = hasattr(trades, "columns")
    rows = trades.to_dict("records") if is_frame else trades
    faults: list[Fault] = []
    found: list[dict[str, Any]] = []
    for row, trade in enumerate(rows, before + 1):
        try:
            found.append(_trade(trade, zone, instrument, is_frame))
        except ValueError as error:
            faults.append(Fault(row, f"Row {row} of trades {error}."))
            if len(faults) == 50:
                break
    if faults:
        raise BadRows(faults)
    return found


def _trade(
    given: Any, zone: Optional[datetime.tzinfo], instrument: Optional[str], is_frame: bool
) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ValueError("is no dict")
    trade: dict[str, Any] = {}
    for key, value in given.items():
        name = str(key).lower().replace(" ", "_")
        name = _TRADE_NAMES.get(name, name)
        if name not in _TRADE_FIELDS:
            if is_frame:
                continue  # a table may have columns of its own
            raise ValueError(f"has a field {key!r}; there are {', '.join(sorted(_TRADE_FIELDS))}")
        if value is None or (isinstance(value, float) and math.isnan(value)):
            continue
        if name in ("entry_at", "exit_at"):
            trade[name] = _iso(_milliseconds(value, zone))
        elif name in ("instrument", "side"):
            trade[name] = str(value)
        else:
            trade[name] = _number(value, name)
    if instrument is not None:
        trade.setdefault("instrument", instrument)
    return trade


def _number(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes, bool)) or value is None:
        raise ValueError(f"has {_article(name)} that is no number: {value!r}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"has {_article(name)} that is no number: {value!r}") from None
    if not math.isfinite(number):
        raise ValueError(f"has {_article(name)} that is no finite number: {value!r}")
    return number


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _milliseconds(at: Any, zone: Optional[datetime.tzinfo]) -> int:
    """An instant in ms UTC; a date, or a midnight where no zone is known, is a trading day: its midnight UTC."""
    if isinstance(at, str):
        at = _parsed(at.strip())
    elif hasattr(at, "astype") and hasattr(at, "dtype"):  # a scalar of numpy
        at = at.astype("datetime64[us]").item() if at.dtype.kind == "M" else at.item()
    elif hasattr(at, "to_timestamp"):  # a Period of pandas: its first instant
        at = at.to_timestamp()
    if isinstance(at, datetime.datetime):
        if at != at:
            raise ValueError("has no time")
        if at.tzinfo is None:
            if zone is None and at.time() != datetime.time():
                raise ValueError(f"has a time without a zone, {at}: say which with tz=, for example tz=\"UTC\"")
            at = at.replace(tzinfo=zone or datetime.timezone.utc)
        return (at - _EPOCH) // datetime.timedelta(milliseconds=1)
    if isinstance(at, datetime.date):
        return (at - _EPOCH.date()).days * _DAY_MS
    if isinstance(at, (int, float)) and not isinstance(at, bool) and math.isfinite(at):
        if abs(at) < _LEAST_MS_AS_NUMBER:
            raise ValueError(f"has a time too small for milliseconds since 1970, {at}; seconds are multiplied by 1000")
        return int(at)
    raise ValueError(f"has no time: {at!r}")


def _parsed(text: str) -> Union[datetime.datetime, datetime.date]:
    try:
        if len(text) == 10:
            return datetime.date.fromisoformat(text)
        # Python 3.9 knows no Z, and only three or six digits of a second.
        text = re.sub(r"[zZ]$", "+00:00", text)
        text = re.sub(r"\.(\d{1,9})", lambda digits: "." + digits.group(1)[:6].ljust(6, "0"), text)
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"has a time that is not written as 2024-03-01 or 2024-03-01T16:00:00Z: {text!r}") from None


def _iso(milliseconds: int) -> str:
    at = _EPOCH + datetime.timedelta(milliseconds=milliseconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + f".{milliseconds % 1000:03d}Z"


def _time_text(milliseconds: int) -> Union[int, str]:
    return milliseconds if abs(milliseconds) >= _LEAST_MS_AS_NUMBER else _iso(milliseconds)


def _zone(tz: Any) -> Optional[datetime.tzinfo]:
    if tz is None or isinstance(tz, datetime.tzinfo):
        return tz
    if str(tz).upper() == "UTC":
        return datetime.timezone.utc
    import zoneinfo  # not in every Python there is a database behind it

    return zoneinfo.ZoneInfo(str(tz))


def _check_facts(facts: Mapping[str, Any]) -> None:
    for name in facts:
        if name not in _FACTS:
            raise TypeError(f"unknown argument {name!r}; a run is described by {', '.join(sorted(_FACTS))}")


def _figures(reported: Mapping[str, Any]) -> dict[str, float]:
    """Those that are defined: what a library gives as nan or infinite has no value, as `None` has none."""
    known = {name: None if value is None else float(value) for name, value in reported.items()}
    return {name: value for name, value in known.items() if value is not None and math.isfinite(value)}


def _json(body: Mapping[str, Any]) -> str:
    try:
        return json.dumps(body, default=_plain, allow_nan=False)
    except ValueError:
        raise ValueError("JSON has no nan and no infinity: leave such values out, or send None in their place.") from None


def _plain(value: Any) -> Any:
    """What json does not know: dates, and the numbers and arrays of numpy and pandas."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10] if not isinstance(value, datetime.datetime) else value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON: {value!r}")


# --- the running app and its key ---------------------------------------------------------------------------------------


def _data_folder() -> str:
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "Aurelius")
    if sys.platform == "win32":
        return os.path.join(os.environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming"), "Aurelius")
    return os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "Aurelius")


def _runtime_origin(folder: str) -> Optional[str]:
    """Where the app answers, by the file that it keeps while it runs."""
    try:
        with open(os.path.join(folder, "runtime.json"), encoding="utf-8") as file:
            found = json.load(file)
        return _checked_url(found["origin"]) if _is_running(int(found["pid"])) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_running(pid: int) -> bool:
    """The key must not go to whoever took the port of an app that is gone."""
    if sys.platform == "win32":  # os.kill would end it there
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # to ask for limited information
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == 259  # still active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is another person's
    return True


def _checked_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address such as http://127.0.0.1:8000")
    if parts.scheme == "http" and not is_here:
        raise ValueError("The key would cross the network in clear: use https for another machine.")
    return f"{parts.scheme}://{parts.netloc}"


def _find_key(name: Optional[str], folder: str) -> str:
    given = os.environ.get("AURELIUS_API_KEY", "").strip()
    if given:
        return given
    if name is None:
        raise NoKey(
            "There is no API key: run the script with `aurelius run --scope ledger:read,ledger:write SCRIPT`, or name a "
            "key of the keychain with Client(key_name=...)."
        )
    place = hashlib.sha256(folder.encode()).hexdigest()[:12]
    account = f"api-key {place} {name}"
    tried = []
    for where, look in (("the keychain of the system", _system_key), ("the keyring package", _keyring_key)):
        found = look(account)
        if found:
            return found.strip()
        if found is not None:
            tried.append(where)
    if not tried:
        raise NoKey(
            "No keychain answers here: on Linux install secret-tool (libsecret-tools), or the keyring package, and unlock "
            "the keychain; or set AURELIUS_API_KEY."
        )
    raise NoKey(
        f"There is no key named {name!r} in {' and '.join(tried)}: make one with "
        f"`aurelius keys create --for {name} --scope ledger:read,ledger:write`."
    )


def _checked_key(key: str) -> str:
    """What cannot be a key would be refused with its value in the error."""
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise NoKey("What was found as the API key is none: it has spaces, line breaks or other signs that no key has.")
    return key


def _system_key(account: str) -> Optional[str]:
    """What the system's own keychain holds; "" for nothing, None where it cannot be asked."""
    if sys.platform == "win32":
        return _windows_key(f"Aurelius/{account}")
    if sys.platform == "darwin":
        words = ["security", "find-generic-password", "-s", "Aurelius", "-a", account, "-w"]
    else:
        words = ["secret-tool", "lookup", "service", "Aurelius", "account", account]
    if shutil.which(words[0]) is None:
        return None
    try:
        done = subprocess.run(words, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode == 0:
        return done.stdout.decode(errors="replace").strip()
    # 44 is macOS's for an entry that is not there; secret-tool says nothing then.
    return "" if done.returncode == 44 or not done.stderr else None


def _windows_key(target: str) -> Optional[str]:
    import ctypes
    from ctypes import wintypes

    class Credential(ctypes.Structure):
        _fields_ = [
            ("Flags", wintypes.DWORD),
            ("Type", wintypes.DWORD),
            ("TargetName", wintypes.LPWSTR),
            ("Comment", wintypes.LPWSTR),
            ("LastWritten", wintypes.FILETIME),
            ("CredentialBlobSize", wintypes.DWORD),
            ("CredentialBlob", ctypes.POINTER(ctypes.c_char)),
            ("Persist", wintypes.DWORD),
            ("AttributeCount", wintypes.DWORD),
            ("Attributes", ctypes.c_void_p),
            ("TargetAlias", wintypes.LPWSTR),
            ("UserName", wintypes.LPWSTR),
        ]

    library = ctypes.windll.advapi32
    found = ctypes.POINTER(Credential)()
    if not library.CredReadW(target, 1, 0, ctypes.byref(found)):  # 1: a generic credential
        return ""
    try:
        size = found.contents.CredentialBlobSize
        return ctypes.string_at(found.contents.CredentialBlob, size).decode("utf-8", errors="replace")
    finally:
        library.CredFree(found)


def _keyring_key(account: str) -> Optional[str]:
    """The same entry by the keyring package, where it is installed; for keychains that the tools above do not know."""
    try:
        import keyring

        return keyring.get_password("Aurelius", account) or ""
    except Exception:  # a backend may raise anything
        return None
