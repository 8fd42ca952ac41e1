import { Button } from '@mantine/core'
import { Link, useParams } from 'react-router'
import type { Strategy, StrategyVersion } from '../../contracts/strategies'
import { GatesCard } from '../gates/gates-card'
import { TimelineCard } from '../timeline/timeline-card'
import { Card } from '../ui/card'
import { Fact, Facts, Moment } from '../ui/figures'
import { LiveNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { ValidationsCard } from '../validations/validations-card'
import { NOTHING } from './format'
import styles from './ledger.module.css'
import { Loaded } from './loaded'
import { RunsCard } from './runs-card'
import { Tags } from './strategies-page'
import { useArchiveStrategy, useStrategy, useStrategyVersions } from './use-strategies'

export function StrategyPage() {
  const { id = '' } = useParams()
  const query = useStrategy(id)

  return (
    <Page
      title={query.data?.name ?? 'Strategy'}
      lead={query.data?.description || undefined}
      trail={<Link to="/strategies">All strategies</Link>}
    >
      <Loaded query={query} label="Loading the strategy">
        {(strategy) => (
          <>
            <AboutCard strategy={strategy} />
            <GatesCard strategy={strategy} />
            <RunsCard strategy={strategy} />
            <ValidationsCard strategyId={strategy.id} />
            <VersionsCard id={strategy.id} />
            <TimelineCard strategyId={strategy.id} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function AboutCard({ strategy }: { strategy: Strategy }) {
  const archive = useArchiveStrategy(strategy.id)
  const isArchived = strategy.status === 'archived'
  return (
    <Card
      title="About"
      aside={
        <span className={styles.controls}>
          <Link to={`/strategies/${strategy.id}/report`}>Report on one page</Link>
          <Button
            variant="default"
            size="compact-sm"
            loading={archive.isPending}
            onClick={() => archive.mutate(!isArchived)}
          >
            {isArchived ? 'Restore' : 'Archive'}
          </Button>
        </span>
      }
    >
      <LiveNotice tone="bad">{archive.error?.message ?? null}</LiveNotice>
      <Facts inColumns>
        <Fact name="Type">{strategy.strategy_type}</Fact>
        <Fact name="Stage">
          <span className={styles.stage}>{strategy.stage}</span>
        </Fact>
        <Fact name="Status">{isArchived ? 'Archived' : 'Active'}</Fact>
        <Fact name="Version">{strategy.version}</Fact>
        <Fact name="Author">{strategy.owner_name ?? NOTHING}</Fact>
        <Fact name="Created">
          <Moment at={strategy.created_at} />
        </Fact>
      </Facts>
      <Tags tags={strategy.tags} />
    </Card>
  )
}

function VersionsCard({ id }: { id: string }) {
  const list = useStrategyVersions(id)
  return (
    <Card title="Versions">
      <Loaded query={list} label="Loading the versions">
        {({ versions }) => (
          <ol className={styles.versions}>
            {versions.map((version, index) => (
              <li key={version.version}>
                <Version version={version} previous={versions[index + 1]} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Card>
  )
}

/** A version, and of its parameters those that the version before had otherwise. */
function Version({ version, previous }: { version: StrategyVersion; previous: StrategyVersion | undefined }) {
  const names = Object.keys({ ...previous?.parameters, ...version.parameters }).sort()
  const shown = previous ? names.filter((name) => text(version, name) !== text(previous, name)) : names
  return (
    <>
      <h3>
        Version {version.version}{' '}
        <span className={styles.under}>
          <Moment at={version.created_at} />
          {version.author_name ? ` by ${version.author_name}` : ''}
        </span>
      </h3>
      {version.note ? <p>{version.note}</p> : null}
      {shown.length > 0 ? (
        <Facts inColumns>
          {shown.map((name) => (
            <Fact key={name} name={name}>
              {previous ? <s className={styles.former}>{text(previous, name)}</s> : null} {text(version, name)}
            </Fact>
          ))}
        </Facts>
      ) : (
        <p className={styles.lead}>{previous ? 'The same parameters as before.' : 'No parameters.'}</p>
      )}
    </>
  )
}

function text({ parameters }: StrategyVersion, name: string): string {
  return name in parameters ? JSON.stringify(parameters[name]) : NOTHING
}
