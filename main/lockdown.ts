import { app, type Session, session, shell } from 'electron'

/**
 * Electron's security checklist in one place: pages stay on our origin, open nothing, embed nothing, are granted nothing.
 *
 * @param ownOrigin where the dashboard lives at the moment, `null` before the server is up
 */
export function lockDown(ownOrigin: () => string | null): void {
  const isOwn = (url: string) => ownOrigin() !== null && originOf(url) === ownOrigin()

  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (isOwn(event.url)) return
      event.preventDefault()
      openOutside(event.url, isOwn)
    })
    contents.on('will-redirect', (event) => {
      if (!isOwn(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url, isOwn)
      return { action: 'deny' }
    })
  })
  app.on('session-created', (created) => denyPermissions(created, isOwn))
  denyPermissions(session.defaultSession, isOwn)
  // It would fetch dictionaries.
  session.defaultSession.setSpellCheckerEnabled(false)
}

/** Copying a code sample is the one thing the dashboard needs and cannot misuse. */
function denyPermissions(target: Session, isOwn: (url: string) => boolean): void {
  const isGranted = (permission: string, url: string) => permission === 'clipboard-sanitized-write' && isOwn(url)
  target.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) =>
    decide(isGranted(permission, requestingUrl)),
  )
  target.setPermissionCheckHandler((_contents, permission, requestingOrigin) => isGranted(permission, requestingOrigin))
  target.setDevicePermissionHandler(() => false)
}

/** Links leave for the system's browser: secure ones, and pages of our own server such as the API's description. */
function openOutside(url: string, isOwn: (url: string) => boolean): void {
  if (isOwn(url) || originOf(url)?.startsWith('https://')) void shell.openExternal(url)
}

/** `null` for everything that has no origin of its own, such as `file:`, `data:` and our start page's scheme. */
export function originOf(url: string): string | null {
  try {
    const { origin } = new URL(url)
    return origin === 'null' ? null : origin
  } catch {
    return null
  }
}
