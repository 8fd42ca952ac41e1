import { Button } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { copyText } from './copy-text'

const SHOWN_MS = 2000
const FACES = {
  ready: { Icon: IconCopy, word: 'Copy' },
  done: { Icon: IconCheck, word: 'Copied' },
  failed: { Icon: IconX, word: 'Copy failed' },
}

/** @param what names the thing for those who hear the button, for example "base URL" */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<keyof typeof FACES>('ready')
  const { Icon, word } = FACES[outcome]

  useEffect(() => {
    if (outcome === 'ready') return
    const timer = setTimeout(() => setOutcome('ready'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={`${word} ${what}`}
      leftSection={<Icon size="0.875rem" stroke={1.75} aria-hidden />}
      onClick={async () => setOutcome((await copyText(text)) ? 'done' : 'failed')}
    >
      <span aria-live="polite">{word}</span>
    </Button>
  )
}
