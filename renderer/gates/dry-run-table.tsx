import { Link } from 'react-router'
import type { DryRunReply } from '../../contracts/gates'
import table from '../ui/table.module.css'
import { factLabel } from './facts'
import styles from './gates.module.css'
import { VerdictBadge } from './verdict'

type Outcome = DryRunReply['outcomes'][number]

/** What a document would say of the newest evidence of each strategy, beside what was said last. Nothing is kept. */
export function DryRunTable({ outcomes, isBusy }: { outcomes: Outcome[]; isBusy: boolean }) {
  if (outcomes.length === 0) return <p className={styles.quiet}>You see no strategies it could be held against.</p>
  const others = outcomes.filter(({ verdict, current_verdict }) => current_verdict && verdict !== current_verdict)
  return (
    <div aria-busy={isBusy} className={styles.body}>
      <p className={styles.quiet} role="status">
        Held against {outcomes.length === 1 ? 'one strategy' : `${outcomes.length} strategies`}; nothing of it is kept.{' '}
        {others.length === 0
          ? 'No verdict would be another one.'
          : others.length === 1
            ? 'One verdict would be another one.'
            : `${others.length} verdicts would be other ones.`}
      </p>
      <table className={`${table.table} ${table.folding}`} aria-label="What it would say">
        <thead>
          <tr>
            <th scope="col">Strategy</th>
            <th scope="col">Said last</th>
            <th scope="col">Would say</th>
            <th scope="col">Does not pass</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.map((outcome) => (
            <tr key={outcome.strategy_id}>
              <th scope="row">
                <Link to={`/strategies/${outcome.strategy_id}`}>{outcome.strategy_name}</Link>
                <span className={styles.why}>Version {outcome.strategy_version}</span>
              </th>
              <td data-label="Said last">
                <span>
                  <VerdictBadge verdict={outcome.current_verdict} />
                </span>
              </td>
              <td data-label="Would say">
                <span>
                  <VerdictBadge verdict={outcome.verdict} />
                </span>
              </td>
              <td data-label="Does not pass">{notPassed(outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function notPassed({ checks }: Outcome): string {
  const names = checks.filter(({ verdict }) => verdict !== 'passed').map(({ fact }) => factLabel(fact))
  return names.length > 0 ? names.join(', ') : 'Nothing'
}
