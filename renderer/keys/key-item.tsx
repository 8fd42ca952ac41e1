import { Button } from '@mantine/core'
import { useId } from 'react'
import type { ApiKey } from '../../contracts/api-keys'
import { Day, Moment } from '../ui/figures'
import { Countdown } from './countdown'
import styles from './keys.module.css'

const DAY_MS = 86_400_000
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' })

export interface KeyActions {
  onRotate: (key: ApiKey) => void
  onRevoke: (key: ApiKey) => void
  onEndGrace: (key: ApiKey) => void
  onGraceOver: () => void
}

/** One key: what it may do, whether it is in use, until when, and what can be done about it. */
export function KeyItem({ apiKey: key, ...actions }: { apiKey: ApiKey } & KeyActions) {
  const id = useId()
  return (
    <li className={styles.key} aria-labelledby={id}>
      <div className={styles.keyHead}>
        <h3 id={id}>{key.name}</h3>
        <code>{key.hint}…</code>
        {key.is_expired ? (
          <span className={styles.badge} data-tone="bad">
            Expired
          </span>
        ) : null}
      </div>
      <Scopes apiKey={key} />
      <dl className={styles.facts}>
        <div>
          <dt>Last used</dt>
          <dd>
            {key.last_used_at ? <Moment at={key.last_used_at} /> : 'Never'}
            {key.last_used_address ? <span className={styles.quiet}> from {key.last_used_address}</span> : null}
          </dd>
        </div>
        <div>
          <dt>{key.is_expired ? 'Expired' : 'Expires'}</dt>
          <dd>{key.expires_at ? <Expiry at={key.expires_at} isOver={key.is_expired} /> : 'Never'}</dd>
        </div>
        <div>
          <dt>Accepted from</dt>
          <dd>{key.addresses ? key.addresses.join(', ') : 'Any address'}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>
            <Day at={key.created_at} />
          </dd>
        </div>
      </dl>
      {key.previous ? <Grace apiKey={key} previous={key.previous} {...actions} /> : null}
      <div className={styles.keyActions}>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`${key.is_expired ? 'Renew' : 'Rotate'} ${key.name}`}
          onClick={() => actions.onRotate(key)}
        >
          {key.is_expired ? 'Renew' : 'Rotate'}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Revoke ${key.name}`}
          onClick={() => actions.onRevoke(key)}
        >
          Revoke
        </Button>
      </div>
    </li>
  )
}

function Scopes({ apiKey: { scopes, scopes_without_effect: without } }: { apiKey: ApiKey }) {
  return (
    <>
      <ul className={styles.scopes} aria-label="Permissions">
        {scopes.map((scope) => (
          <li key={scope} data-off={without.includes(scope) || undefined}>
            {scope}
          </li>
        ))}
      </ul>
      {without.length > 0 ? (
        <p className={styles.quiet}>
          Your role does not include {without.join(' and ')} now, so the key cannot either.
        </p>
      ) : null}
    </>
  )
}

function Expiry({ at, isOver }: { at: string; isOver: boolean }) {
  const days = Math.round((Date.parse(at) - Date.now()) / DAY_MS)
  return (
    <>
      {Math.abs(days) < 1 ? <Moment at={at} /> : <Day at={at} />}
      {!isOver && days >= 1 ? <span className={styles.quiet}> {RELATIVE.format(days, 'day')}</span> : null}
    </>
  )
}

interface GraceProps extends Pick<KeyActions, 'onEndGrace' | 'onGraceOver'> {
  apiKey: ApiKey
  previous: NonNullable<ApiKey['previous']>
}

/** After a rotation: how long the secret before still works, and whether anything still shows it. */
function Grace({ apiKey, previous, onEndGrace, onGraceOver }: GraceProps) {
  return (
    <div className={styles.grace}>
      <p>
        <strong>
          <Countdown to={previous.works_until} onEnd={onGraceOver} />
        </strong>{' '}
        until the old key <code>{previous.hint}…</code> stops working.{' '}
        {previous.last_used_at ? (
          <>
            It was last used at <Moment at={previous.last_used_at} />.
          </>
        ) : (
          'It was never used.'
        )}
      </p>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`End it now: the old key of ${apiKey.name}`}
        onClick={() => onEndGrace(apiKey)}
      >
        End it now
      </Button>
    </div>
  )
}
