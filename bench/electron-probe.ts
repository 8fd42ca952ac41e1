import { app } from 'electron'

/**
 * Loaded into main before an app's own code, without the app knowing: tells on stdout when the thing to wait for has
 * been painted, in milliseconds since 1970.
 */
const selector = JSON.stringify(app.commandLine.getSwitchValue('wait-for'))
const waitUntilPainted = `new Promise((painted) => {
  const look = () => requestAnimationFrame(() => {
    if (!document.querySelector(${selector})) return look()
    requestAnimationFrame(() => painted(performance.timeOrigin + performance.now()))
  })
  look()
})`

app.on('web-contents-created', (_event, contents) => {
  contents.on('dom-ready', async () => {
    const paintedAt: number = await contents.executeJavaScript(waitUntilPainted)
    process.stdout.write(`painted ${paintedAt}\n`)
  })
})
