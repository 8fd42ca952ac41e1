import { Navigate, Outlet, useLocation } from 'react-router'
import { UnreachableError } from '../api'
import { Loading } from '../ui/loading'
import { Problem } from '../ui/problem'
import { useSession } from './use-session'

/** Pages for signed-in people. Anyone else is sent to sign in and comes back to where they were going. */
export function Protected() {
  const session = useSession()
  const location = useLocation()

  if (session.status === 'signed-out') {
    const from = session.isReturning ? `${location.pathname}${location.search}${location.hash}` : '/'
    return <Navigate to="/sign-in" replace state={{ from }} />
  }
  if (session.status === 'restoring') {
    const { error } = session
    // The banner speaks for a server that cannot be reached.
    if (error === null || error instanceof UnreachableError) return <Loading label="Restoring your session" />
    return <Problem error={error} />
  }
  return <Outlet />
}

/** Sign-in and sign-up: once signed in, whoever is here moves on to where they were going. */
export function GuestsOnly() {
  const session = useSession()
  const { state } = useLocation()

  if (session.status === 'signed-in') return <Navigate to={state?.from ?? '/'} replace />
  return <Outlet />
}
