import { Button, Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { GateName } from '../../contracts/gate-policy'
import { type GateResult, newPromotion, type Promotion, promotionDecision } from '../../contracts/gates'
import { type Strategy, stage } from '../../contracts/strategies'
import { useMay } from '../auth/use-permissions'
import { useAccount } from '../auth/use-session'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import { useContractForm } from '../ui/form'
import { LiveNotice, Notice } from '../ui/notice'
import { GATE_TITLES } from './facts'
import styles from './gates.module.css'
import { useDecidePromotion, usePromotions, useRequestPromotion } from './use-gates'

interface PromotionCardProps {
  strategy: Strategy
  gate: GateName
  newest: GateResult | undefined
}

/** The step to the stage of this gate: asked for by somebody, decided by a reviewer who is not an author. */
export function PromotionCard({ strategy, gate, newest }: PromotionCardProps) {
  const list = usePromotions({ strategy_id: strategy.id })
  return (
    <Card title={`Promotion to ${GATE_TITLES[gate]}`}>
      <Loaded query={list} label="Loading the promotions">
        {({ promotions }) => {
          const steps = promotions.filter(({ to_stage }) => to_stage === gate)
          const pending = steps.find(
            ({ status, strategy_version }) => status === 'pending' && strategy_version === strategy.version,
          )
          return (
            <div className={styles.body}>
              {pending ? (
                <Pending key={pending.id} promotion={pending} strategy={strategy} />
              ) : (
                <Ask strategy={strategy} gate={gate} newest={newest} />
              )}
              {steps
                .filter(({ status }) => status !== 'pending')
                .map((step) => (
                  <Decided key={step.id} promotion={step} />
                ))}
            </div>
          )
        }}
      </Loaded>
    </Card>
  )
}

function Ask({ strategy, gate, newest }: PromotionCardProps) {
  const request = useRequestPromotion(strategy.id)
  const mayAsk = useMay('ledger:write')
  const obstacle = obstacleOf(strategy, gate, newest, mayAsk)
  if (obstacle) return <p className={styles.quiet}>{obstacle}</p>
  return (
    <CommentForm
      label="Why should it go on?"
      contract={newPromotion.pick({ comment: true })}
      actions={[{ name: 'Ask for promotion', send: request.mutateAsync }]}
    />
  )
}

/** Why promotion cannot be asked for; nothing where it can. */
function obstacleOf({ stage: at, version }: Strategy, gate: GateName, newest?: GateResult, mayAsk?: boolean) {
  const [here, there] = [stage.options.indexOf(at), stage.options.indexOf(gate)]
  if (here >= there) return `Version ${version} has reached this stage.`
  if (here < there - 1) return `Version ${version} stands at ${at}: it goes one stage at a time.`
  if (newest === undefined) return 'Evaluate the gate first.'
  if (newest.verdict !== 'passed') return 'The newest evaluation has to pass first.'
  if (!mayAsk) return 'Your role does not include asking for a promotion.'
  return null
}

function Pending({ promotion, strategy }: { promotion: Promotion; strategy: Strategy }) {
  const decide = useDecidePromotion(promotion.id)
  return (
    <>
      <Notice tone="plain">
        {promotion.requested_by_name ?? 'Somebody'} asks to promote version {promotion.strategy_version} from{' '}
        {promotion.from_stage} to {promotion.to_stage}, <Moment at={promotion.requested_at} />:{' '}
        <q>{promotion.comment}</q>
      </Notice>
      {promotion.can_decide ? (
        <CommentForm
          label="Why do you decide so?"
          contract={promotionDecision}
          actions={[
            { name: 'Approve', send: (comment) => decide.mutateAsync({ decision: 'approve', comment }) },
            { name: 'Decline', send: (comment) => decide.mutateAsync({ decision: 'decline', comment }) },
          ]}
        />
      ) : (
        <WhyNot promotion={promotion} strategy={strategy} />
      )}
    </>
  )
}

function WhyNot({ promotion, strategy }: { promotion: Promotion; strategy: Strategy }) {
  const isReviewer = useMay('gates:approve')
  const { id } = useAccount()
  if (isReviewer === undefined) return null
  if (!isReviewer) return <p className={styles.quiet}>It waits for a reviewer; your role does not decide.</p>
  const asked = promotion.requested_by === id
  const why = asked ? 'you asked for it' : strategy.owner_id === id ? 'the strategy is yours' : 'you wrote this version'
  return <p className={styles.quiet}>You cannot decide because {why}. Another reviewer has to.</p>
}

function Decided({ promotion }: { promotion: Promotion }) {
  const { status, decided_at } = promotion
  return (
    <p className={styles.decided}>
      Version {promotion.strategy_version}: {status} by {promotion.decided_by_name ?? 'somebody'}
      {decided_at ? (
        <>
          , <Moment at={decided_at} />
        </>
      ) : null}
      . <q>{promotion.decision_comment}</q>
      <span className={styles.quiet}>
        {' '}
        Asked for by {promotion.requested_by_name ?? 'somebody'}: <q>{promotion.comment}</q>
      </span>
    </p>
  )
}

interface CommentFormProps {
  label: string
  contract: Parameters<typeof useContractForm<{ comment: string }>>[0]['contract']
  actions: { name: string; send: (comment: string) => Promise<unknown> }[]
}

function CommentForm({ label, contract, actions }: CommentFormProps): ReactNode {
  const { form, message, showFailure, onSubmit } = useContractForm({ contract, initialValues: { comment: '' } })
  const [sending, setSending] = useState<string | null>(null)
  const submit = ({ name, send }: CommentFormProps['actions'][number]) =>
    onSubmit(({ comment }) => {
      setSending(name)
      send(comment)
        .catch(showFailure)
        .finally(() => setSending(null))
    })
  const [first] = actions
  return (
    <form noValidate className={styles.form} onSubmit={first ? submit(first) : undefined}>
      <LiveNotice tone="bad">{message}</LiveNotice>
      <Textarea
        label={label}
        autosize
        minRows={2}
        maxRows={8}
        key={form.key('comment')}
        {...form.getInputProps('comment')}
      />
      <div className={styles.actions}>
        {actions.map((action, index) => (
          <Button
            key={action.name}
            type={index === 0 ? 'submit' : 'button'}
            {...(index === 0 ? {} : { variant: 'default', onClick: () => submit(action)() })}
            loading={sending === action.name}
            disabled={sending !== null && sending !== action.name}
          >
            {action.name}
          </Button>
        ))}
      </div>
    </form>
  )
}
