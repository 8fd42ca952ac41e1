import { Button } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { use } from 'react'
import { Link, NavLink } from 'react-router'
import { useMay } from '../auth/use-permissions'
import { SignedInContext, useAccount } from '../auth/use-session'
import { LiveState } from '../live/live-state'
import { BrandMark } from '../ui/brand'
import styles from './frame.module.css'
import { useServices } from './services'
import { ThemeSwitch } from './theme-switch'

export function Header() {
  const session = use(SignedInContext)

  return (
    <header className={styles.header}>
      <Link to="/" className={styles.brand} aria-label="Aurelius, overview">
        <BrandMark />
        <span className={styles.wordmark}>Aurelius</span>
      </Link>
      {session ? (
        <nav aria-label="Main" className={styles.nav}>
          <NavLink to="/" end>
            Overview
          </NavLink>
          <NavLink to="/strategies">Strategies</NavLink>
          <NavLink to="/gates">Gates</NavLink>
          <NavLink to="/profile">Profile</NavLink>
          <AdministrationLink />
          <a href="/api/docs" target="_blank" rel="noreferrer">
            API reference
          </a>
        </nav>
      ) : null}
      {session ? <Person /> : null}
      <div className={styles.controls}>
        <LiveState />
        <ThemeSwitch />
        {session ? <SignOut /> : null}
      </div>
    </header>
  )
}

function AdministrationLink() {
  return useMay('users:manage') ? <NavLink to="/admin">Administration</NavLink> : null
}

function Person() {
  const { name, email } = useAccount()
  return (
    <p className={styles.person}>
      <strong>{name}</strong>
      <span>{email}</span>
    </p>
  )
}

function SignOut() {
  const { session } = useServices()
  const signOut = useMutation({ mutationFn: session.end })

  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconLogout size="1rem" stroke={1.75} aria-hidden />}
      loading={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      Sign out
    </Button>
  )
}
