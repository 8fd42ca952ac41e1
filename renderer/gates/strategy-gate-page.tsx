import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { type GateName, gateName } from '../../contracts/gate-policy'
import type { GateEvaluation, GateResult } from '../../contracts/gates'
import type { Strategy } from '../../contracts/strategies'
import { NotFoundPage } from '../app/not-found-page'
import { useMay } from '../auth/use-permissions'
import { basisText } from '../ledger/basis'
import { Loaded } from '../ledger/loaded'
import { useStrategy } from '../ledger/use-strategies'
import { Card } from '../ui/card'
import { Fact, Facts, Moment } from '../ui/figures'
import { LiveNotice, Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { ChecksTable } from './checks-table'
import { EvidenceChoice } from './evidence-choice'
import { GATE_TITLES, type Missing, missingEvidence } from './facts'
import { GateHistory } from './gate-history'
import styles from './gates.module.css'
import { newestOf } from './gates-card'
import { PromotionCard } from './promotion-card'
import { useEvaluateGate, useGateResults, usePolicyHistory } from './use-gates'
import { VerdictBadge } from './verdict'

export function StrategyGatePage() {
  const { id = '', gate } = useParams()
  const known = gateName.safeParse(gate)
  return known.success ? <GateOfStrategy id={id} gate={known.data} /> : <NotFoundPage />
}

function GateOfStrategy({ id, gate }: { id: string; gate: GateName }) {
  const strategy = useStrategy(id)
  const results = useGateResults(id)
  return (
    <Page
      title={`Gate ${GATE_TITLES[gate]}`}
      trail={
        <>
          <Link to="/strategies">All strategies</Link>
          <Link to={`/strategies/${id}`}>{strategy.data?.name ?? 'Strategy'}</Link>
        </>
      }
    >
      <Loaded query={strategy} label="Loading the strategy">
        {(found) => (
          <Loaded query={results} label="Loading the gate">
            {({ gate_results }) => <Results strategy={found} gate={gate} results={gate_results} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

function Results({ strategy, gate, results }: { strategy: Strategy; gate: GateName; results: GateResult[] }) {
  const [search] = useSearchParams()
  const ofGate = results.filter((each) => each.gate === gate)
  const named = ofGate.find(({ id }) => id === search.get('result'))
  const version = named?.strategy_version ?? versionOf(search.get('version'), strategy)
  const newestOfVersion = newestOf(ofGate, gate, version)
  const chosen = named ?? newestOfVersion
  const newest = newestOf(ofGate, gate, strategy.version)
  return (
    <>
      <ChecksCard
        key={version}
        {...{ strategy, gate, version }}
        result={chosen}
        isNewest={chosen === newestOfVersion && version === strategy.version}
      />
      <PromotionCard strategy={strategy} gate={gate} newest={newest} />
      <GateHistory results={ofGate} shown={chosen?.id} />
    </>
  )
}

function versionOf(asked: string | null, { version }: Strategy): number {
  const number = Number(asked)
  return Number.isInteger(number) && number >= 1 && number <= version ? number : version
}

interface ChecksCardProps {
  strategy: Strategy
  gate: GateName
  version: number
  result: GateResult | undefined
  isNewest: boolean
}

function ChecksCard({ strategy, gate, version, result, isNewest }: ChecksCardProps) {
  const [evidence, setEvidence] = useState<Pick<GateEvaluation, 'backtest_id' | 'validation_id'>>({})
  const [, setSearch] = useSearchParams()
  const evaluate = useEvaluateGate(strategy.id, gate)
  const mayEvaluate = useMay('gates:evaluate')
  const { data: history } = usePolicyHistory(gate)
  const policy = history?.policies.find(({ version }) => version === result?.policy_version)?.policy
  const reasons = new Map(policy?.rules.flatMap(({ id, reason }) => (reason ? [[id, reason] as const] : [])))
  const missing = result ? missingEvidence(result) : []
  return (
    <Card
      title={policy ? `Checks: ${policy.title}` : 'Checks'}
      aside={
        mayEvaluate ? (
          <Button
            size="sm"
            loading={evaluate.isPending}
            onClick={() =>
              evaluate.mutate(
                { ...evidence, strategy_version: version },
                { onSuccess: ({ id }) => setSearch({ result: id }, { replace: true }) },
              )
            }
          >
            {result ? 'Evaluate again' : 'Evaluate'}
          </Button>
        ) : null
      }
    >
      <div className={styles.body}>
        <LiveNotice tone="bad">{evaluate.error?.message ?? null}</LiveNotice>
        {mayEvaluate ? (
          <EvidenceChoice
            {...{ strategy, version }}
            chosen={evidence}
            onChoose={setEvidence}
            onVersion={(chosen) => setSearch({ version: String(chosen) }, { replace: true })}
          />
        ) : null}
        {result ? (
          <>
            {isNewest ? null : (
              <Notice tone="plain">
                {version === strategy.version
                  ? 'This is an earlier result.'
                  : `This is a result of version ${version}; the newest version is ${strategy.version}.`}{' '}
                <Link to={`/strategies/${strategy.id}/gates/${gate}`}>Show the newest</Link>
              </Notice>
            )}
            <p className={styles.verdict}>
              <VerdictBadge verdict={result.verdict} /> Version {result.strategy_version}, evaluated{' '}
              <Moment at={result.created_at} />
              {result.author_name ? ` by ${result.author_name}` : ''}
            </p>
            {missing.length > 0 ? <WhatIsMissing missing={missing} /> : null}
            <ChecksTable checks={result.checks} evidence={result.evidence} reasons={reasons} />
            <EvidenceFacts result={result} />
          </>
        ) : (
          <p className={styles.quiet}>
            Version {version} was not held against this gate yet. Evaluating it keeps the policy, the evidence and every
            check as they are now, for ever; a correction is a new evaluation.
          </p>
        )}
      </div>
    </Card>
  )
}

function WhatIsMissing({ missing }: { missing: Missing[] }) {
  return (
    <Notice tone="plain">
      <strong>What is missing</strong>
      <ul className={styles.missing}>
        {missing.map(({ sentence, step }) => (
          <li key={sentence}>
            {sentence} {step ? <Link to={step.to}>{step.words}</Link> : null}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** What the gate read, so that everybody can look at the same. */
function EvidenceFacts({ result: { evidence, gate, policy_version } }: { result: GateResult }) {
  return (
    <Facts inColumns>
      <Fact name="Run">
        {evidence.backtest ? <Link to={`/backtests/${evidence.backtest.id}`}>The run that was read</Link> : 'None'}
      </Fact>
      {evidence.backtest?.basis ? (
        <Fact name="Run scored with">{basisText(evidence.backtest.basis, evidence.backtest.trials)}</Fact>
      ) : null}
      <Fact name="Validation">
        {evidence.validation ? (
          <Link to={`/validations/${evidence.validation.id}`}>The validation that was read</Link>
        ) : (
          'None'
        )}
      </Fact>
      <Fact name="Policy">
        <Link to={`/gates/${gate}`}>{policy_version === null ? "Another system's" : `Version ${policy_version}`}</Link>
      </Fact>
    </Facts>
  )
}
