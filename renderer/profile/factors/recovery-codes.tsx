import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useAccount } from '../../auth/use-session'
import { CopyButton } from '../../ui/copy-button'
import { Notice } from '../../ui/notice'
import styles from './factors.module.css'

interface RecoveryCodesProps {
  codes: string[]
  onKept: () => void
}

/** Ten codes for the day the telephone is lost. They are nowhere else, so the page stays with them until they are kept. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const { email } = useAccount()

  return (
    <>
      <Notice tone="plain">
        Keep these recovery codes where you find them without your telephone. Each signs you in once in place of a code
        of the app. They are shown only now.
      </Notice>
      <div className={styles.sheet}>
        <p className={styles.sheetTitle}>Aurelius recovery codes of {email}</p>
        <ul className={styles.codes} aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.actions}>
        <CopyButton text={codes.join('\n')} what="recovery codes" />
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size="0.875rem" stroke={1.75} aria-hidden />}
          onClick={() => download('aurelius-recovery-codes.txt', asText(codes, email))}
        >
          Download
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPrinter size="0.875rem" stroke={1.75} aria-hidden />}
          onClick={() => window.print()}
        >
          Print
        </Button>
      </div>
      <Button onClick={onKept}>I have kept them</Button>
    </>
  )
}

function asText(codes: string[], email: string): string {
  const lines = [`Aurelius recovery codes of ${email}`, location.origin, 'Each works once.', '', ...codes]
  return `${lines.join('\r\n')}\r\n` // Windows shows bare line feeds as one line in some programs
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address))
}
