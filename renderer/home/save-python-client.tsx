import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { saveFile } from '../ui/save-file'

/** Hands over the Python client, which comes with the app. */
export function SavePythonClient() {
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<IconDownload size="0.875rem" stroke={1.75} aria-hidden />}
      onClick={async () => {
        const { default: text } = await import('../../clients/python/aurelius.py?raw')
        saveFile('aurelius.py', 'text/x-python', text)
      }}
    >
      Download aurelius.py
    </Button>
  )
}
