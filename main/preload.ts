import { contextBridge, ipcRenderer } from 'electron'
import { type BridgeReply, type DesktopBridge, IPC, type ServerStatus } from '../contracts/ipc'
import { version } from '../package.json'
import { fillStartPage } from './start-page-view'

let lastStatus: ServerStatus | undefined
const listeners = new Set<(status: ServerStatus) => void>()
ipcRenderer.on(IPC.serverStatus, (_event, status: ServerStatus) => {
  lastStatus = status
  for (const listener of listeners) listener(status)
})

/** Errors come back as values: thrown across processes they would carry Electron's own words in front of ours. */
async function ask(channel: string, argument?: unknown): Promise<unknown> {
  const reply: BridgeReply = await ipcRenderer.invoke(channel, argument)
  if (!reply.ok) throw new Error(reply.message)
  return reply.value
}

function onServerStatus(listener: (status: ServerStatus) => void): () => void {
  listeners.add(listener)
  if (lastStatus) listener(lastStatus)
  return () => listeners.delete(listener)
}

const bridge: DesktopBridge = {
  versions: {
    app: version,
    electron: process.versions.electron ?? '',
    chrome: process.versions.chrome ?? '',
    node: process.versions.node,
  },
  credential: {
    load: () => ask(IPC.credentialLoad) as Promise<string | null>,
    save: (accessToken) => ask(IPC.credentialSave, accessToken) as Promise<void>,
    clear: () => ask(IPC.credentialClear) as Promise<void>,
  },
  onServerStatus,
}

if (location.protocol === 'aurelius:') fillStartPage({ ask, onServerStatus })
else contextBridge.exposeInMainWorld('aurelius', bridge)
