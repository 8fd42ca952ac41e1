import { Link } from 'react-router'
import { SavePythonClient } from '../home/save-python-client'
import { RECORD_A_BACKTEST, RUN_IT } from '../home/snippets'
import { SampleButton } from '../sample/sample-button'
import { CopyButton } from '../ui/copy-button'
import styles from './ledger.module.css'

/** The ledger with nothing in it: how evidence gets there. The overview has no button for a new strategy itself. */
export function FirstSteps({ isOverview = false }: { isOverview?: boolean }) {
  return (
    <div className={styles.empty}>
      <p>
        Nothing is recorded yet. A strategy is made{' '}
        {isOverview ? (
          <>
            with <Link to="/strategies">New strategy</Link>
          </>
        ) : (
          <>
            here with <strong>New strategy</strong>
          </>
        )}
        , or by a script that records a run of it: save aurelius.py beside this one and run it with{' '}
        <code>{RUN_IT}</code>. Files of other tools can be <Link to="/import">imported</Link>.
      </p>
      <div className={styles.controls}>
        <SampleButton />
        <p className={styles.lead}>
          It is generated here and says so everywhere: a random walk, no market prices. You can archive it afterwards.
        </p>
      </div>
      <div className={styles.snippet}>
        <pre>
          <code>{RECORD_A_BACKTEST}</code>
        </pre>
        <div className={styles.snippetActions}>
          <SavePythonClient />
          <CopyButton text={RECORD_A_BACKTEST} what="script" />
        </div>
      </div>
    </div>
  )
}
