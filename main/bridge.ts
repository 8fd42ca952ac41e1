import { mkdir } from 'node:fs/promises'
import { app, type IpcMainInvokeEvent, ipcMain, shell } from 'electron'
import { type BridgeReply, IPC } from '../contracts/ipc'
import { originOf } from './lockdown'
import { KeychainError, type SecretStore } from './secret-store'
import { START_PAGE_URL } from './start-page'

const ACCOUNT = 'access-token'
const TOKEN_SHAPE = /^[\x21-\x7e]{1,4096}$/
const NOT_A_TOKEN = 'That is not an access token: it has 1 to 4,096 printable characters without spaces.'
const NOT_ALLOWED = 'This page may not do that.'
const UNEXPECTED = 'Aurelius met an unexpected error while using the keychain: try again.'

export interface BridgeOptions {
  store: SecretStore
  dashboardOrigin(): string | null
  logFolder: string
  retry(): void
}

/** What pages may ask of main. Each call is answered only for the page it is meant for, and only in its main frame. */
export function openBridge({ store, dashboardOrigin, logFolder, retry }: BridgeOptions): void {
  const isDashboard = (url: string) => dashboardOrigin() !== null && originOf(url) === dashboardOrigin()
  const isStartPage = (url: string) => url === START_PAGE_URL

  answer(IPC.credentialLoad, isDashboard, () => store.read(ACCOUNT))
  answer(IPC.credentialSave, isDashboard, (token) => {
    if (typeof token !== 'string' || !TOKEN_SHAPE.test(token)) throw new BridgeError(NOT_A_TOKEN)
    return store.write(ACCOUNT, token)
  })
  answer(IPC.credentialClear, isDashboard, () => store.remove(ACCOUNT))

  answer(IPC.startRetry, isStartPage, retry)
  answer(IPC.openLogFolder, isStartPage, async () => {
    await mkdir(logFolder, { recursive: true })
    await shell.openPath(logFolder)
  })
  answer(IPC.quit, isStartPage, () => app.quit())
}

class BridgeError extends Error {
  override name = 'BridgeError'
}

function answer(channel: string, mayCall: (url: string) => boolean, handle: (argument: unknown) => unknown): void {
  ipcMain.handle(channel, async (event, argument: unknown): Promise<BridgeReply> => {
    if (!isMainFrame(event) || !mayCall(event.senderFrame?.url ?? '')) return { ok: false, message: NOT_ALLOWED }
    try {
      return { ok: true, value: await handle(argument) }
    } catch (error) {
      if (error instanceof BridgeError || error instanceof KeychainError) return { ok: false, message: error.message }
      console.error(error)
      return { ok: false, message: UNEXPECTED }
    }
  })
}

function isMainFrame(event: IpcMainInvokeEvent): boolean {
  return event.senderFrame?.parent === null
}
