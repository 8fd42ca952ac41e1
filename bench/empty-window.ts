import { app, BrowserWindow } from 'electron'

/** The least that is a desktop app: one sandboxed window with one word in it. */
app.enableSandbox()
app.on('window-all-closed', () => app.quit())
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800 })
  window.loadURL('data:text/html,<main>Empty</main>')
})
