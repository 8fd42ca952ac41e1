import { Outlet } from 'react-router'
import type { Scope } from '../../contracts/scopes'
import { NotFoundPage } from '../app/not-found-page'
import { Loading } from '../ui/loading'
import { useMay } from './use-permissions'

/** Pages that ask for a scope. To whoever does not have it they are not there; what counts is the server's own check. */
export function WithScope({ scope }: { scope: Scope }) {
  const may = useMay(scope)
  if (may === undefined) return <Loading label="Opening the page" />
  return may ? <Outlet /> : <NotFoundPage />
}
