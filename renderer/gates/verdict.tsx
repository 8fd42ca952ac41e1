import type { Verdict } from '../../contracts/gate-policy'
import { Badge } from '../ui/badge'

const VERDICTS = {
  passed: { word: 'Passed', sign: '✓', tone: 'good' },
  failed: { word: 'Failed', sign: '✕', tone: 'bad' },
  inconclusive: { word: 'Inconclusive', sign: '?', tone: 'waiting' },
} as const satisfies Record<Verdict, object>

export function VerdictBadge({ verdict }: { verdict: Verdict | null }) {
  if (verdict === null) return <Badge>Not evaluated</Badge>
  const { word, sign, tone } = VERDICTS[verdict]
  return (
    <Badge tone={tone}>
      <span aria-hidden>{sign}</span> {word}
    </Badge>
  )
}
