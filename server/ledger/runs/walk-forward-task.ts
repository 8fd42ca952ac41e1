import type { ValidationSpan, ValidationWindow, WalkForwardPlan } from '../../../contracts/validations'
import { decodeCurves } from '../../quant/codec'
import { DAY_MS } from '../../quant/curve'
import type { Figures } from '../../quant/metrics'
import { type Span, type WalkForwardOptions, type WindowPlan, walkForward } from '../../quant/walk-forward'
import { dayOf } from '../columns'

export interface WalkForwardTask {
  /** Encoded segments, oldest first. */
  points: Uint8Array[]
  plan: WindowPlan
  options: WalkForwardOptions
}

/** Cuts a curve into windows, in the names of the wire. */
export function cutCurve({ points, plan, options }: WalkForwardTask): ValidationWindow[] {
  const windows = walkForward(decodeCurves(points), plan, options)
  return windows.map(({ inSample, outOfSample, inSampleFigures, outOfSampleFigures, degradation }) => ({
    in_sample: toSpan(inSample, inSampleFigures),
    out_of_sample: toSpan(outOfSample, outOfSampleFigures),
    degradation,
  }))
}

export function toWindowPlan(plan: WalkForwardPlan): WindowPlan {
  return {
    kind: plan.kind,
    inSampleDays: plan.in_sample_days,
    outOfSampleDays: plan.out_of_sample_days,
    embargoDays: plan.embargo_days,
    stepDays: plan.step_days,
  }
}

function toSpan({ firstDay, lastDay }: Span, figures: Figures): ValidationSpan {
  return {
    start_date: toDate(firstDay),
    end_date: toDate(lastDay),
    sharpe_ratio: figures.sharpeRatio,
    total_return: figures.totalReturn,
    max_drawdown: figures.maxDrawdown,
  }
}

const toDate = (day: number): string => dayOf(day * DAY_MS)
