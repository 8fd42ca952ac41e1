import { useState } from 'react'
import { Outlet } from 'react-router'
import { UnreachableError } from '../../api'
import { Loading } from '../../ui/loading'
import { Page } from '../../ui/page'
import { Problem } from '../../ui/problem'
import { isProtected, SecondFactorCard } from './second-factor-card'
import { useFactors } from './use-factors'

/** The pages behind it are there for whoever has a second factor; anybody else sets one up first. */
export function RequiredFactor() {
  const { data, error, refetch } = useFactors()
  // The banner speaks for a server that cannot be reached.
  if (error && !(error instanceof UnreachableError)) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Loading label="Loading what protects your account" />
  return <Gate isOpenAlready={isProtected(data)} />
}

/** Stays closed until the recovery codes are kept, which are shown only once. */
function Gate({ isOpenAlready }: { isOpenAlready: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAlready)

  if (isOpen) return <Outlet />
  return (
    <Page
      title="Protect your account"
      lead="Everybody here signs in with a second factor. Set yours up now; everything else is there right after."
    >
      <SecondFactorCard onProtected={() => setOpen(true)} />
    </Page>
  )
}
