import { BrowserWindow, type IpcMainEvent, ipcMain, Notification } from 'electron'
import type { EndedRun } from '../contracts/ended-run'
import { IPC } from '../contracts/ipc'
import { report } from './desktop-log'
import { originOf } from './lockdown'

const PAUSE_MS = 1_000

/**
 * Has the system say that a run has ended, for the dashboard's own page and nobody else, once a second at most. What the
 * page sends is data: the sentence is made here, and a click opens a run of our own origin.
 */
export function openRunNotices(ownOrigin: () => string | null): void {
  const shown = new Set<Notification>() // who is not referred to any more does not hear of clicks
  let saidAt = 0

  async function say(run: EndedRun): Promise<void> {
    const { endedRun } = await import('../contracts/ended-run')
    const { data } = endedRun.safeParse(run)
    if (!data || !Notification.isSupported() || Date.now() - saidAt < PAUSE_MS) return
    saidAt = Date.now()
    // Some desktops read markup in the body of a notification, and none in its title.
    const title =
      data.outcome === 'completed' ? `${data.strategy_name}: run completed` : `${data.strategy_name}: run failed`
    const notification = new Notification({ title, body: `It took ${lengthOf(data.duration_seconds)}.` })
    notification.on('click', () => open(data.id))
    notification.on('close', () => shown.delete(notification))
    shown.add(notification)
    notification.show()
  }

  function open(id: string): void {
    const [window] = BrowserWindow.getAllWindows()
    const origin = ownOrigin()
    if (!window || origin === null) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    window.loadURL(`${origin}/backtests/${id}`).catch((error) => report('A run could not be shown:', error))
  }

  ipcMain.on(IPC.runEnded, (event, run: EndedRun) => {
    if (isDashboard(event, ownOrigin())) say(run).catch((error) => report('The end of a run could not be told:', error))
  })
}

function isDashboard({ senderFrame }: IpcMainEvent, own: string | null): boolean {
  return own !== null && senderFrame?.parent === null && originOf(senderFrame.url) === own
}

function lengthOf(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 1) return 'less than a minute'
  if (minutes < 60) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours === 1 ? 'an hour' : `${hours} hours`
}
