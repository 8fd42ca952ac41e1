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
async function ask(channel: string): Promise<void> {
  const reply: BridgeReply = await ipcRenderer.invoke(channel)
  if (!reply.ok) throw new Error(reply.message)
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
  onServerStatus,
  tellRunEnded: (run) => ipcRenderer.send(IPC.runEnded, run),
  savePdf: () => ipcRenderer.invoke(IPC.savePdf),
}

new PerformanceObserver((paints) => {
  if (paints.getEntriesByName('first-contentful-paint').length > 0) ipcRenderer.send(IPC.pagePainted)
}).observe({ type: 'paint', buffered: true })

if (location.protocol === 'aurelius:') fillStartPage({ ask, onServerStatus })
else contextBridge.exposeInMainWorld('aurelius', bridge)
