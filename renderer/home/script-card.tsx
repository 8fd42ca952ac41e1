import { Tabs } from '@mantine/core'
import { Link } from 'react-router'
import { useAccount } from '../auth/use-session'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import styles from './home.module.css'
import { SavePythonClient } from './save-python-client'
import { clientSnippets, curlSnippets, pythonSnippets, type Snippet } from './snippets'

const CLIENT = 'aurelius.py'

/** How a program on this machine uses the same account, in lines that work when pasted. */
export function ScriptCard() {
  const { email } = useAccount()
  const languages = [
    { name: CLIENT, snippets: clientSnippets },
    { name: 'curl', snippets: curlSnippets(location.origin, email) },
    { name: 'Python', snippets: pythonSnippets(location.origin, email) },
  ]

  return (
    <Card
      title="Connect a script"
      aside={
        <span className={styles.links}>
          <Link to="/keys">API keys</Link>
          <a href="/api/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
        </span>
      }
    >
      <div className={styles.address}>
        <span>Base URL</span>
        <code>{location.origin}</code>
        <CopyButton text={location.origin} what="base URL" />
      </div>
      <Tabs defaultValue={CLIENT} className={styles.tabs ?? ''}>
        <Tabs.List aria-label="Language">
          {languages.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {languages.map(({ name, snippets }) => (
          <Tabs.Panel key={name} value={name}>
            {name === CLIENT && (
              <div className={styles.download}>
                <SavePythonClient />
              </div>
            )}
            {snippets.map((snippet) => (
              <SnippetBlock key={snippet.title} language={name} {...snippet} />
            ))}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  )
}

function SnippetBlock({ language, title, note, code }: Snippet & { language: string }) {
  return (
    <div className={styles.snippet}>
      <div className={styles.snippetHead}>
        <h3>{title}</h3>
        <CopyButton text={code} what={`${language} lines: ${title}`} />
      </div>
      <p>{note}</p>
      <pre>
        <code>{code}</code>
      </pre>
    </div>
  )
}
