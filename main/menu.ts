import { join } from 'node:path'
import { app, dialog, Menu, type MenuItemConstructorOptions, shell } from 'electron'

export interface MenuOptions {
  dataFolder: string
  logFolder: string
}

export function setMenu({ dataFolder, logFolder }: MenuOptions): void {
  const isMac = process.platform === 'darwin'
  const about: MenuItemConstructorOptions = { id: 'about', label: 'About Aurelius', click: () => showAbout(dataFolder) }
  const inspect: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }]

  const appMenu: MenuItemConstructorOptions = {
    label: 'Aurelius',
    submenu: [
      about,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...inspect,
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [
      { label: 'Open Log Folder', click: () => void shell.openPath(logFolder) },
      ...(app.isPackaged ? [{ label: 'Licences of Software by Others', click: openNotices }] : []),
      ...(isMac ? [] : [{ type: 'separator' } as const, about]),
    ],
  }
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [appMenu] : []),
      { label: 'File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
      { role: 'editMenu' },
      view,
      { role: 'windowMenu' },
      help,
    ]),
  )
}

function openNotices(): void {
  void shell.openPath(join(process.resourcesPath, 'THIRD-PARTY-NOTICES.txt'))
}

function showAbout(dataFolder: string): void {
  const { electron, chrome, node } = process.versions
  void dialog.showMessageBox({
    type: 'info',
    title: 'About Aurelius',
    message: `Aurelius ${app.getVersion()}`,
    detail: `Electron ${electron}\nChromium ${chrome}\nNode.js ${node}\n\nYour data: ${dataFolder}`,
    buttons: ['OK'],
  })
}
