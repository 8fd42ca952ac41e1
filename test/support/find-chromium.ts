import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium-headless-shell', // without a window it spends a third less
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** How Chromium is started here: without a window, and drawing by software. */
export const CHROMIUM_ARGS = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

export function findChromium(): string {
  const found = [process.env.CHROMIUM_PATH ?? '', ...PLACES].find((place) => existsSync(place))
  if (!found) throw new Error('Chromium is needed: install it, or set CHROMIUM_PATH to where it is.')
  return found
}
