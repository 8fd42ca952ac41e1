import { Link } from 'react-router'
import type { PolicyVersion } from '../../contracts/gates'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { Moment } from '../ui/figures'
import { Page } from '../ui/page'
import { GATE_TITLES } from './facts'
import styles from './gates.module.css'
import { RulesTable } from './rules-table'
import { usePolicies } from './use-gates'

/** What each gate asks for. */
export function PoliciesPage() {
  const query = usePolicies()
  return (
    <Page
      title="Gates"
      lead="What a strategy has to show before it goes one stage up. Each gate holds evidence against a policy that reviewers write."
    >
      <Loaded query={query} label="Loading the policies">
        {({ policies }) => policies.map((policy) => <PolicyCard key={policy.gate} current={policy} />)}
      </Loaded>
    </Page>
  )
}

function PolicyCard({ current }: { current: PolicyVersion }) {
  const { gate, policy, version, created_at, author_name } = current
  return (
    <Card
      title={`${GATE_TITLES[gate]}: ${policy.title}`}
      aside={<Link to={`/gates/${gate}`}>{`Document and versions of ${GATE_TITLES[gate]}`}</Link>}
    >
      <div className={styles.body}>
        {policy.description ? <p>{policy.description}</p> : null}
        <RulesTable gate={gate} rules={policy.rules} />
        <p className={styles.quiet}>
          Version {version}, {author_name ? `by ${author_name}, ` : 'as it came with Aurelius, '}
          <Moment at={created_at} />
        </p>
      </div>
    </Card>
  )
}
