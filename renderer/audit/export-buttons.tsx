import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { LiveNotice } from '../ui/notice'
import styles from './audit.module.css'
import type { AuditFilter } from './audit-api'
import { useExport } from './use-audit'

/** What the filters let through, as a file: to be verified elsewhere, or for a spreadsheet. */
export function ExportButtons({ filter }: { filter: AuditFilter }) {
  const file = useExport(filter)

  return (
    <div className={styles.export}>
      {(['jsonl', 'csv'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size="0.9375rem" stroke={1.75} aria-hidden />}
          aria-label={`Export as ${format === 'csv' ? 'CSV' : 'JSON Lines'}`}
          loading={file.isPending && file.variables === format}
          disabled={file.isPending}
          onClick={() => file.mutate(format)}
        >
          {format === 'csv' ? 'CSV' : 'JSON Lines'}
        </Button>
      ))}
      <LiveNotice tone="bad">{file.error ? file.error.message : null}</LiveNotice>
    </div>
  )
}
