import { Link } from 'react-router'
import { GATE_TITLES } from '../gates/facts'
import { usePromotions } from '../gates/use-gates'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import styles from './home.module.css'

/** Promotions that somebody has to decide; those that this person may decide come first. */
export function WaitingCard() {
  const query = usePromotions({ status: 'pending', limit: 50 })
  return (
    <Card title="Gates waiting for you">
      <Loaded query={query} label="Loading the promotions">
        {({ promotions }) => {
          const yours = promotions.filter(({ can_decide }) => can_decide)
          const others = promotions.length - yours.length
          return (
            <>
              {yours.length === 0 ? <p className={styles.quiet}>Nothing waits for your decision.</p> : null}
              <ul className={styles.news}>
                {yours.map((each) => (
                  <li key={each.id}>
                    <span>
                      <Link to={`/strategies/${each.strategy_id}/gates/${each.to_stage}`}>{each.strategy_name}</Link> to{' '}
                      {each.to_stage === 'research' ? 'Research' : GATE_TITLES[each.to_stage]}, asks{' '}
                      {each.requested_by_name ?? 'somebody'}
                    </span>
                    <Moment at={each.requested_at} />
                  </li>
                ))}
              </ul>
              {others > 0 ? (
                <p className={styles.quiet}>
                  {others === 1 ? 'One promotion waits' : `${others} promotions wait`} for somebody else.
                </p>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}
