import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

/**
 * The secret behind the # of a link, which no server and no log ever sees there. It is taken out of the address bar at
 * once, so that neither the history nor whoever looks over a shoulder keeps it; a reload has lost it.
 */
export function useLinkToken(): string | null {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const [token, setToken] = useState(hash.slice(1) || null)

  useEffect(() => {
    if (hash === '') return
    setToken(hash.slice(1))
    navigate(pathname, { replace: true })
  }, [hash, pathname, navigate])

  return token
}
