import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import styles from './drawer.module.css'

interface DrawerProps {
  title: string
  lead?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** A panel at the side about one row of a list. The browser's own dialog keeps the focus in and, closed, gives it back. */
export function Drawer({ title, lead, onClose, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()

  useEffect(() => {
    dialog.current?.showModal()
    heading.current?.focus()
  }, [])

  return (
    // A click on what lies behind it is a click on the dialog itself; Escape does the same for the keyboard.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it
    <dialog
      ref={dialog}
      className={styles.drawer}
      aria-labelledby={id}
      onClose={(event) => event.target === event.currentTarget && onClose()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
    >
      <div className={styles.panel}>
        <header className={styles.head}>
          <div>
            <h2 id={id} ref={heading} tabIndex={-1}>
              {title}
            </h2>
            {lead ? <p>{lead}</p> : null}
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <IconX size="1.25rem" stroke={1.75} aria-hidden />
          </ActionIcon>
        </header>
        {children}
      </div>
    </dialog>
  )
}

/** A part of a drawer, with a heading of its own. */
export function DrawerPart({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}
