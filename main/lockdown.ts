import { app, type Session, session, shell } from 'electron'

/**
 * Electron's security checklist in one place: pages stay on our origin, open nothing, embed nothing, are granted nothing.
 *
 * @param ownOrigin where the dashboard lives at the moment, `null` before the server is up
 */
export function lockDown(ownOrigin: () => string | null): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (originOf(event.url) === ownOrigin()) return
      event.preventDefault()
      openOutside(event.url, ownOrigin())
    })
    contents.on('will-redirect', (event) => {
      if (originOf(event.url) !== ownOrigin()) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url, ownOrigin())
      return { action: 'deny' }
    })
  })
  app.on('session-created', (created) => denyPermissions(created, ownOrigin))
  denyPermissions(session.defaultSession, ownOrigin)
}

/** Copying a code sample is the one thing the dashboard needs and cannot misuse. */
function denyPermissions(target: Session, ownOrigin: () => string | null): void {
  const granted = (permission: string, url: string) =>
    permission === 'clipboard-sanitized-write' && originOf(url) === ownOrigin()
  target.setPermissionRequestHandler((_contents, permission, decide, details) =>
    decide(granted(permission, details.requestingUrl)),
  )
  target.setPermissionCheckHandler((_contents, permission, requestingOrigin) => granted(permission, requestingOrigin))
  target.setDevicePermissionHandler(() => false)
}

/** Links leave for the system's browser: secure ones, and pages of our own server such as the API's description. */
function openOutside(url: string, ownOrigin: string | null): void {
  const origin = originOf(url)
  if (origin !== null && (origin.startsWith('https://') || origin === ownOrigin)) void shell.openExternal(url)
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
