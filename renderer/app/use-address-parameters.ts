import { useSearchParams } from 'react-router'

/** What the address says behind its question mark, and how to change some of it; an empty value takes a name out. */
export function useAddressParameters() {
  const [parameters, setParameters] = useSearchParams()

  function change(changes: Record<string, string | null>): void {
    // The address is ahead of what is drawn: two changes may come before the next drawing.
    const next = new URLSearchParams(window.location.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    setParameters(next, { replace: true })
  }

  return { parameters, change, replace: (all: Record<string, string>) => setParameters(all, { replace: true }) }
}
