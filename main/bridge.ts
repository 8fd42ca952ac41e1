import { mkdir } from 'node:fs/promises'
import { app, type IpcMainInvokeEvent, ipcMain, shell } from 'electron'
import { type BridgeReply, IPC } from '../contracts/ipc'
import { report } from './desktop-log'
import { START_PAGE_URL } from './start-page'

const NOT_ALLOWED = 'This page may not do that.'
const UNEXPECTED = 'Aurelius met an unexpected error: try again.'

export interface BridgeOptions {
  logFolder: string
  retry(): void
}

/** What the start page may ask of main, answered only to its main frame. */
export function openBridge({ logFolder, retry }: BridgeOptions): void {
  answer(IPC.startRetry, retry)
  answer(IPC.openLogFolder, async () => {
    await mkdir(logFolder, { recursive: true })
    await shell.openPath(logFolder)
  })
  answer(IPC.quit, () => app.quit())
}

function answer(channel: string, handle: () => unknown): void {
  ipcMain.handle(channel, async (event): Promise<BridgeReply> => {
    if (!isStartPage(event)) return { ok: false, message: NOT_ALLOWED }
    try {
      await handle()
      return { ok: true }
    } catch (error) {
      report('The start page was not answered:', error)
      return { ok: false, message: UNEXPECTED }
    }
  })
}

function isStartPage({ senderFrame }: IpcMainInvokeEvent): boolean {
  return senderFrame?.parent === null && senderFrame.url === START_PAGE_URL
}
