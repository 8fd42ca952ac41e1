const KEY = 'aurelius-has-session'
const SIGNED_IN = '1'
const SIGNED_OUT = '0'

export type SessionHint = ReturnType<typeof createSessionHint>

/**
 * Whether somebody is signed in in this browser, which spares everybody else a question that the server must refuse.
 * It is no credential, and all tabs share it. In the desktop window it proves nothing: the port may have changed, and
 * with it what localStorage holds.
 */
export function createSessionHint(isDesktop: boolean) {
  const read = () => attempt(() => localStorage.getItem(KEY)) ?? null
  const write = (value: string) => void attempt(() => localStorage.setItem(KEY, value))
  const isSet = () => read() === SIGNED_IN
  return {
    mayHaveSession: () => isDesktop || isSet(),
    isSet,
    set: () => write(SIGNED_IN),
    clear: () => write(SIGNED_OUT),

    /** Whether there were accounts when this browser looked last, so that nobody has to be asked before sign-in is shown. */
    knowsAccounts: () => read() !== null,
    noteAccounts: () => read() ?? write(SIGNED_OUT),

    /** Calls back when another tab signed in or out. */
    onChangeElsewhere(listener: (isSet: boolean) => void) {
      window.addEventListener('storage', ({ key, newValue }) => {
        if (key === KEY) listener(newValue === SIGNED_IN)
      })
    },
  }
}

/** A browser may be told to keep nothing; then a session lasts as long as the page. */
function attempt<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    return undefined
  }
}
