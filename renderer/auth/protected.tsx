import { useEffect } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { UnreachableError } from '../api'
import { RequiredFactor } from '../app/pages'
import { useServices } from '../app/services'
import { Loading } from '../ui/loading'
import { Problem } from '../ui/problem'
import { useAuthSettings } from './use-auth-settings'
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
  return <OnceProtected />
}

/** Where everybody must have a second factor, whoever has none sees nothing else. */
function OnceProtected() {
  const { data } = useAuthSettings()
  return data?.second_factor_required ? <RequiredFactor /> : <Outlet />
}

/** Pages for guests: once signed in, whoever is here moves on to where they were going. */
export function GuestsOnly() {
  const session = useSession()
  const { state } = useLocation()

  if (session.status === 'signed-in') return <Navigate to={state?.from ?? '/'} replace />
  return <Outlet />
}

/** Sign-in, or what takes its place while nobody has an account. A server that cannot say is one that has some. */
export function FirstRunOnly({ expected }: { expected: boolean }) {
  const { hint } = useServices()
  const { data, isPending } = useAuthSettings()
  const { state } = useLocation()
  const hasAccounts = data?.first_run === false
  useEffect(() => {
    if (hasAccounts) hint.noteAccounts()
  }, [hint, hasAccounts])

  if (isPending && !hint.knowsAccounts()) return null
  const isFirstRun = data?.first_run ?? false
  if (isFirstRun !== expected) return <Navigate to={isFirstRun ? '/first-run' : '/sign-in'} replace state={state} />
  return <Outlet />
}
