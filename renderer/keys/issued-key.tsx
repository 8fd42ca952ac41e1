import { Button, Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { IssuedApiKey } from '../../contracts/api-keys'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { Notice } from '../ui/notice'
import { keySnippets } from './key-snippets'
import styles from './keys.module.css'

/** A new secret, which no other page and no later moment can show. */
export function IssuedKey({ issued, onDone }: { issued: IssuedApiKey; onDone: () => void }) {
  const { api_key: key, secret } = issued
  const snippets = Object.entries(keySnippets(location.origin, key.scopes))
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => top.current?.focus(), [])

  return (
    <Card title={`Your key “${key.name}”`}>
      <div ref={top} tabIndex={-1} className={styles.issued}>
        <Notice tone="plain">Copy it now. It is shown this once: Aurelius keeps only a hash of it.</Notice>
        <div className={styles.secret}>
          <code>{secret}</code>
          <CopyButton text={secret} what="API key" />
        </div>
        {key.previous ? (
          <p className={styles.quiet}>
            The key before, <code>{key.previous.hint}…</code>, goes on working for now: put the new one everywhere, then
            end the old one.
          </p>
        ) : null}
        <div className={styles.use}>
          <p className={styles.quiet}>
            Put it into the environment of your script as <code>AURELIUS_API_KEY</code>, not into the script or a
            notebook.
          </p>
          <Tabs defaultValue="Python">
            <Tabs.List aria-label="Language">
              {snippets.map(([language]) => (
                <Tabs.Tab key={language} value={language}>
                  {language}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {snippets.map(([language, code]) => (
              <Tabs.Panel key={language} value={language} className={styles.snippet ?? ''}>
                <CopyButton text={code} what={`${language} lines`} />
                <pre>
                  <code>{code}</code>
                </pre>
              </Tabs.Panel>
            ))}
          </Tabs>
        </div>
        <Button onClick={onDone}>I have kept it</Button>
      </div>
    </Card>
  )
}
