import { Link, useParams } from 'react-router'
import { type GateName, gateName } from '../../contracts/gate-policy'
import type { PolicyVersion } from '../../contracts/gates'
import { NotFoundPage } from '../app/not-found-page'
import { useMay } from '../auth/use-permissions'
import { Loaded } from '../ledger/loaded'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { Moment } from '../ui/figures'
import { Page } from '../ui/page'
import { GATE_TITLES } from './facts'
import styles from './gates.module.css'
import { PolicyEditor } from './policy-editor'
import { usePolicyHistory } from './use-gates'

export function PolicyPage() {
  const known = gateName.safeParse(useParams().gate)
  return known.success ? <PolicyOf gate={known.data} /> : <NotFoundPage />
}

function PolicyOf({ gate }: { gate: GateName }) {
  const query = usePolicyHistory(gate)
  const mayWrite = useMay('gates:approve')
  return (
    <Page title={`Policy of the gate ${GATE_TITLES[gate]}`} trail={<Link to="/gates">Gates</Link>}>
      <Loaded query={query} label="Loading the policy">
        {({ policies: [current, ...earlier] }) =>
          current ? (
            <>
              {mayWrite ? <PolicyEditor key={current.version} current={current} /> : <Document current={current} />}
              <VersionsCard versions={[current, ...earlier]} />
            </>
          ) : null
        }
      </Loaded>
    </Page>
  )
}

function Document({ current }: { current: PolicyVersion }) {
  return (
    <Card title={`In force: version ${current.version}`} aside={<CopyButton text={current.text} what="policy" />}>
      <div className={styles.body}>
        <p className={styles.quiet}>Reviewers change it here; you may read it.</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <pre className={styles.document} tabIndex={0}>
          <code>{current.text}</code>
        </pre>
      </div>
    </Card>
  )
}

function VersionsCard({ versions }: { versions: PolicyVersion[] }) {
  return (
    <Card title="Versions">
      <ul className={styles.versions}>
        {versions.map(({ version, note, author_name, created_at, text }) => (
          <li key={version}>
            <details>
              <summary>
                <strong>Version {version}</strong>, {author_name ?? 'Aurelius'}, <Moment at={created_at} />
                {note ? <span className={styles.quiet}> – {note}</span> : null}
              </summary>
              <pre className={styles.document}>
                <code>{text}</code>
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  )
}
