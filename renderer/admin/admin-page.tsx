import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { Page } from '../ui/page'
import styles from './admin.module.css'

const SECTIONS = [
  { path: '/admin', name: 'People' },
  { path: '/admin/invitations', name: 'Invitations' },
  { path: '/admin/roles', name: 'Roles' },
  { path: '/admin/second-factor', name: 'Second factor' },
  { path: '/admin/audit', name: 'Audit log' },
  { path: '/admin/server', name: 'Server' },
]

interface AdminPageProps {
  title: string
  lead: ReactNode
  children: ReactNode
}

/** A page for administrators, with the way to the others. */
export function AdminPage({ title, lead, children }: AdminPageProps) {
  return (
    <Page title={title} lead={lead}>
      <nav aria-label="Administration" className={styles.sections}>
        {SECTIONS.map(({ path, name }) => (
          <NavLink key={path} to={path} end>
            {name}
          </NavLink>
        ))}
      </nav>
      {children}
    </Page>
  )
}
