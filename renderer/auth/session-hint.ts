const KEY = 'aurelius-has-session'

export type SessionHint = ReturnType<typeof createSessionHint>

/**
 * Whether somebody is signed in in this browser, which spares everybody else a question that the server must refuse.
 * It is no credential, and all tabs share it. In the desktop window it proves nothing: the port may have changed, and
 * with it what localStorage holds.
 */
export function createSessionHint(isDesktop: boolean) {
  return {
    mayHaveSession: () => isDesktop || isSet(),
    isSet,
    set: () => attempt(() => localStorage.setItem(KEY, '1')),
    clear: () => attempt(() => localStorage.removeItem(KEY)),

    /** Calls back when another tab signed in or out. */
    onChangeElsewhere(listener: (isSet: boolean) => void) {
      window.addEventListener('storage', ({ key, newValue }) => {
        if (key === KEY) listener(newValue !== null)
      })
    },
  }
}

function isSet(): boolean {
  return attempt(() => localStorage.getItem(KEY) !== null) ?? false
}

/** A browser may be told to keep nothing; then a session lasts as long as the page. */
function attempt<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    return undefined
  }
}
