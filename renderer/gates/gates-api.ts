import type { GateName } from '../../contracts/gate-policy'
import {
  dryRunReply,
  type GateEvaluation,
  gateResult,
  gateResultList,
  type NewPolicy,
  type PromotionQuery,
  policyList,
  policyVersion,
  promotion,
  promotionList,
} from '../../contracts/gates'
import { call } from '../api'
import { search } from '../ledger/ledger-api'

const strategyPath = (id: string) => `/api/v1/strategies/${encodeURIComponent(id)}`
const promotionPath = (id: string) => `/api/v1/promotions/${encodeURIComponent(id)}`

export const gatesApi = {
  policies: (token: string, signal?: AbortSignal) => call('/api/v1/gates', policyList, { token, signal }),
  policyHistory: (token: string, gate: GateName, signal?: AbortSignal) =>
    call(`/api/v1/gates/${gate}/policies`, policyList, { token, signal }),
  recordPolicy: (token: string, gate: GateName, body: NewPolicy) =>
    call(`/api/v1/gates/${gate}/policies`, policyVersion, { method: 'POST', token, body }),
  dryRun: (token: string, gate: GateName, text: string, signal?: AbortSignal) =>
    call(`/api/v1/gates/${gate}/dry-run`, dryRunReply, { method: 'POST', token, body: { text }, signal }),
  results: (token: string, strategyId: string, signal?: AbortSignal) =>
    call(`${strategyPath(strategyId)}/gate-results${search({ limit: 200 })}`, gateResultList, { token, signal }),
  evaluate: (token: string, strategyId: string, gate: GateName, body: GateEvaluation) =>
    call(`${strategyPath(strategyId)}/gates/${gate}/evaluate`, gateResult, { method: 'POST', token, body }),
  promotions: (token: string, query: Partial<PromotionQuery>, signal?: AbortSignal) =>
    call(`/api/v1/promotions${search(query)}`, promotionList, { token, signal }),
  requestPromotion: (token: string, strategyId: string, comment: string) =>
    call(`${strategyPath(strategyId)}/promotions`, promotion, { method: 'POST', token, body: { comment } }),
  decidePromotion: (token: string, id: string, decision: 'approve' | 'decline', comment: string) =>
    call(`${promotionPath(id)}/${decision}`, promotion, { method: 'POST', token, body: { comment } }),
}
