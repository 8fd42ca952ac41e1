"""Computes test/server/quant/reference/metrics.json: curves, trades, and what numpy and scipy make of them.

Written from the formulas of contracts/metric-catalogue.ts, not from the code of server/quant, and in other ways where
there are some: whole arrays instead of a pass, positions by cutting time at every event instead of by an integral.
Made with Python 3.11, numpy 2.4.6 and scipy 1.17.1:  python3 make-metrics.py > metrics.json
"""

import json
import sys
from datetime import datetime, timezone

import numpy as np
from scipy import stats

DAY = 86_400_000
YEAR = 365.25 * DAY
rng = np.random.default_rng(20240229)


def ms(year, month, day):
    return int(datetime(year, month, day, tzinfo=timezone.utc).timestamp()) * 1000


def walk(count, scale, drift=0.0004):
    steps = stats.t.rvs(4, size=count - 1, random_state=rng) * scale + drift
    return np.round(100_000 * np.concatenate([[1], np.cumprod(1 + steps)]), 2)


def random_trades(times, values, count):
    span = times[-1] - times[0]
    entries = np.sort(times[0] + np.floor(rng.uniform(-0.05, 0.9, count) * span))
    exits = entries + np.floor(rng.exponential(0.04, count) * span)
    quantities = np.round(rng.normal(40, 300, count), 1)
    prices = np.round(rng.uniform(50, 150, count), 2)
    exit_prices = np.round(prices * (1 + rng.normal(0.002, 0.03, count)), 2)
    profits = np.round(quantities * (exit_prices - prices) - 1.5, 2)
    return dict(
        entryTimes=entries, exitTimes=exits, quantities=quantities,
        entryPrices=prices, exitPrices=exit_prices, profits=profits,
    )


def closes_of(times, values, day_start):
    days = np.floor((times - day_start * 60_000) / DAY)
    last = np.concatenate([days[1:] != days[:-1], [True]])
    closes, close_days = values[last], days[last]
    if np.sum(days == days[0]) > 1:
        return np.concatenate([[values[0]], closes]), np.concatenate([[days[0]], close_days]), 1
    return closes, close_days, 0


def drawdowns(times, values):
    marks = np.maximum.accumulate(values)
    depth = values / marks - 1
    episodes = []
    at = 0
    while at < len(values) - 1:
        later = np.flatnonzero(values[at + 1:] >= values[at])
        end = at + 1 + later[0] if len(later) else len(values) - 1
        inside = depth[at:end + 1]
        if inside.min() < 0:
            episodes.append((inside.min(), (times[end] - times[at]) / DAY))
        at = end
    holds = np.diff(times)
    return dict(
        maxDrawdown=depth.min(),
        maxDrawdownDays=min(episodes)[1],
        longestDrawdownDays=max(days for _, days in episodes),
        timeUnderWater=holds[(values < marks)[:-1]].sum() / holds.sum(),
    )


def positions(times, values, trades):
    entries, exits, quantities, prices = (trades[name] for name in ('entryTimes', 'exitTimes', 'quantities', 'entryPrices'))
    span = times[-1] - times[0]
    cuts = np.unique(np.clip(np.concatenate([times, entries, exits]), times[0], times[-1]))
    net = gross = held = 0.0
    for start, end in zip(cuts[:-1], cuts[1:]):
        equity = values[np.searchsorted(times, start, side='right') - 1]
        is_open = (entries <= start) & (exits >= end)
        notional = quantities[is_open] * prices[is_open]
        net += notional.sum() / equity * (end - start)
        gross += np.abs(notional).sum() / equity * (end - start)
        held += (end - start) * bool(is_open.any())
    traded = (np.abs(quantities) * (prices + trades['exitPrices'])).sum()
    average = np.average(values[:-1], weights=np.diff(times))
    return dict(
        turnover=traded / average / (span / YEAR), exposure=net / span, leverage=gross / span, timeInMarket=held / span,
    )


def figures(times, values, trades, periods_per_year, risk_free, day_start, trials, is_daily):
    closes, days, _ = closes_of(times, values, day_start)
    returns = closes[1:] / closes[:-1] - 1
    count = len(returns)
    free = (1 + risk_free) ** (1 / periods_per_year) - 1
    excess = returns - free
    sharpe = excess.mean() / returns.std(ddof=1)
    skewness = stats.skew(returns, bias=False)
    kurtosis = stats.kurtosis(returns, bias=False)
    quantile = np.quantile(returns, 0.05)
    deviation = np.sqrt((1 - skewness * sharpe + (kurtosis + 3 - 1) / 4 * sharpe**2) / (count - 1))
    tried, variance = trials
    best = np.sqrt(variance / periods_per_year) * (
        (1 - np.euler_gamma) * stats.norm.ppf(1 - 1 / tried) + np.euler_gamma * stats.norm.ppf(1 - 1 / (tried * np.e))
    )
    years = (times[-1] - times[0]) / YEAR
    cagr = (values[-1] / values[0]) ** (1 / years) - 1
    drawn = drawdowns(times, values)
    profits = trades['profits']
    return dict(
        totalReturn=values[-1] / values[0] - 1,
        cagr=cagr,
        volatility=returns.std(ddof=1) * np.sqrt(periods_per_year),
        sharpeRatio=sharpe * np.sqrt(periods_per_year),
        sortinoRatio=excess.mean() / np.sqrt(np.mean(np.minimum(excess, 0) ** 2)) * np.sqrt(periods_per_year),
        calmarRatio=cagr / -drawn['maxDrawdown'],
        **drawn,
        valueAtRisk95OnePeriod=-quantile,
        expectedShortfall95OnePeriod=-returns[returns <= quantile].mean(),
        skewness=skewness,
        excessKurtosis=kurtosis,
        bestDay=returns.max() if is_daily else None,
        worstDay=returns.min() if is_daily else None,
        probabilisticSharpeRatio=stats.norm.cdf(sharpe / deviation),
        deflatedSharpeRatio=stats.norm.cdf((sharpe - best) / deviation),
        tradeCount=len(profits),
        winRate=np.mean(profits > 0),
        profitFactor=profits[profits > 0].sum() / -profits[profits < 0].sum(),
        averageTrade=profits.mean(),
        **positions(times, values, trades),
        historyDays=(times[-1] - times[0]) / DAY,
        returnCount=count,
    )


def months(times, values, day_start):
    closes, days, _ = closes_of(times, values, day_start)
    keys = [datetime.fromtimestamp(day * 86_400, timezone.utc) for day in days]
    last = {}
    for key, close in zip(keys[1:], closes[1:]):
        last[(key.year, key.month)] = close
    before, result = closes[0], []
    for (year, month), close in last.items():
        result.append([year, month, close / before - 1])
        before = close
    return result


def rolling_sharpe(closes, length, periods_per_year, risk_free):
    returns = closes[1:] / closes[:-1] - 1
    free = (1 + risk_free) ** (1 / periods_per_year) - 1
    windows = np.lib.stride_tricks.sliding_window_view(returns, length)
    return (windows.mean(axis=1) - free) / windows.std(axis=1, ddof=1) * np.sqrt(periods_per_year)


def sharpe_of_days(closes, days, first, last, periods_per_year, risk_free):
    inside = np.flatnonzero((days >= first) & (days <= last))
    inside = inside[inside > 0]
    returns = closes[inside] / closes[inside - 1] - 1
    free = (1 + risk_free) ** (1 / periods_per_year) - 1
    return float((returns.mean() - free) / returns.std(ddof=1) * np.sqrt(periods_per_year))


def anchored_windows(times, values, periods_per_year, risk_free, day_start):
    """In-sample 40 % of the days and growing, an embargo of 2, out-of-sample 15 %, step 12 %."""
    closes, days, _ = closes_of(times, values, day_start)
    first, last = int(np.floor((times[0] - day_start * 60_000) / DAY)), int(days[-1])
    length = last - first + 1
    inside, outside, step = int(length * 0.4), int(length * 0.15), int(length * 0.12)
    windows, end = [], first + inside - 1
    while end + 2 + outside <= last:
        windows.append([
            end - first,
            sharpe_of_days(closes, days, first, end, periods_per_year, risk_free),
            sharpe_of_days(closes, days, end + 3, end + 2 + outside, periods_per_year, risk_free),
        ])
        end += step
    return dict(inSampleDays=inside, outOfSampleDays=outside, stepDays=step, embargoDays=2, windows=windows)


def charts(times, values, periods_per_year, risk_free, day_start):
    closes, days, _ = closes_of(times, values, day_start)
    counts, edges = np.histogram(closes[1:] / closes[:-1] - 1, bins='fd')
    return dict(
        rollingSharpe20=rolling_sharpe(closes, 20, periods_per_year, risk_free).tolist(),
        histogram=dict(counts=counts.tolist(), edges=edges.tolist()),
        walkForward=anchored_windows(times, values, periods_per_year, risk_free, day_start),
    )


def case(name, times, values, periods_per_year, is_daily=True, risk_free=0.0, day_start=0, trials=(25, 0.4), count=40):
    times = np.asarray(times, dtype=float)
    trades = random_trades(times, values, count)
    return dict(
        name=name,
        times=times.tolist(),
        values=values.tolist(),
        trades={key: column.tolist() for key, column in trades.items()},
        options=dict(riskFreeRate=risk_free, dayStartMinutes=day_start, trials=dict(count=trials[0], sharpeVariance=trials[1])),
        periodsPerYear=periods_per_year,
        figures={
            key: None if value is None else float(value)
            for key, value in figures(times, values, trades, periods_per_year, risk_free, day_start, trials, is_daily).items()
        },
        **charts(times, values, periods_per_year, risk_free, day_start),
        months=[[year, month, float(value)] for year, month, value in months(times, values, day_start)],
    )


def business_days(start, count):
    return [day for day in range(start, start + 2 * count * DAY, DAY) if np.is_busday(np.datetime64(day, 'ms').astype('datetime64[D]'))][:count]


cases = [
    case('business days', business_days(ms(2021, 3, 1), 320), walk(320, 0.008), 252, risk_free=0.02),
    case('every day', np.arange(200) * DAY + ms(2023, 11, 3), walk(200, 0.02), 365, risk_free=-0.005, trials=(3, 1.7)),
    case('months', [ms(2019 + month // 12, month % 12 + 1, 28) for month in range(60)], walk(60, 0.03), 12, is_daily=False),
    case('weeks', np.arange(110) * 7 * DAY + ms(2020, 1, 3), walk(110, 0.015, 0.002), 52, is_daily=False, trials=(1000, 0.2)),
    case(
        'irregular ticks of a session that opens the evening before',
        np.concatenate([day - 420 * 60_000 + np.sort(rng.choice(80_000, 9, replace=False)) * 1000 for day in business_days(ms(2024, 1, 2), 45)]),
        walk(405, 0.003),
        252,
        day_start=-420,
    ),
]
json.dump(cases, sys.stdout, allow_nan=False)
