import { Button } from '@mantine/core'
import { IconFileTypePdf, IconPrinter } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { LiveNotice } from '../ui/notice'
import styles from './report.module.css'

/** Brings the page to paper: a browser prints, and saves as PDF from there; the desktop saves it as a file by itself. */
export function PaperButtons() {
  const { aurelius } = window
  const save = useMutation({
    mutationFn: async () => {
      const reply = await aurelius?.savePdf()
      if (reply?.outcome === 'failed') throw new Error(reply.message)
      return reply
    },
  })
  const saved = save.data?.outcome === 'saved' ? `Saved as ${save.data.name}.` : null
  return (
    <div className={styles.actions}>
      {aurelius ? (
        <Button
          leftSection={<IconFileTypePdf size="1rem" stroke={1.75} aria-hidden />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save as PDF
        </Button>
      ) : null}
      <Button
        {...(aurelius ? { variant: 'default' } : {})}
        leftSection={<IconPrinter size="1rem" stroke={1.75} aria-hidden />}
        onClick={() => window.print()}
      >
        Print
      </Button>
      <LiveNotice tone={save.error ? 'bad' : 'good'}>{save.error?.message ?? saved}</LiveNotice>
    </div>
  )
}
