import { useEffect } from 'react'
import { useNow } from '../ui/figures'

const two = (amount: number) => String(amount).padStart(2, '0')

/** How long it is until an instant, second by second; says so when it has come. */
export function Countdown({ to, onEnd }: { to: string; onEnd: () => void }) {
  const left = Math.max(0, Math.ceil((Date.parse(to) - useNow()) / 1000))
  const hasEnded = left === 0

  useEffect(() => {
    if (hasEnded) onEnd()
  }, [hasEnded, onEnd])

  return (
    <span role="timer" aria-live="off">
      {clockText(left)}
    </span>
  )
}

/** @param seconds a whole number, for example 93784 for "1 d 02:03:04" */
export function clockText(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
    .map(two)
    .join(':')
  return days > 0 ? `${days} d ${clock}` : clock
}
