import { randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { app, BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { IPC, type PdfReply } from '../contracts/ipc'
import { report } from './desktop-log'
import { originOf } from './lockdown'

const MOST_CHARACTERS = 80

/**
 * Saves the page as it would be printed, for the dashboard's own page and nobody else. The page says that it wants it and
 * nothing more: what is printed is the window, and where it goes the person says in a dialog of the system.
 */
export function openPdfSaving(ownOrigin: () => string | null): void {
  let isSaving = false
  ipcMain.handle(IPC.savePdf, async (event): Promise<PdfReply> => {
    const window = BrowserWindow.fromWebContents(event.sender)
    if (!window || !isDashboard(event, ownOrigin())) return { outcome: 'failed', message: 'This page may not do that.' }
    if (isSaving) return { outcome: 'failed', message: 'A PDF is being saved already: answer its dialog first.' }
    isSaving = true
    try {
      return await save(window)
    } catch (error) {
      report('A page could not be saved as PDF:', error)
      return { outcome: 'failed', message: 'The PDF could not be made: try again, or print the page.' }
    } finally {
      isSaving = false
    }
  })
}

async function save(window: BrowserWindow): Promise<PdfReply> {
  const defaultPath = join(app.getPath('documents'), `${fileName(window.webContents.getTitle())}.pdf`)
  const content = await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true })
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save as PDF',
    defaultPath,
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  })
  if (canceled || !filePath) return { outcome: 'cancelled' }
  try {
    await writeBeside(filePath, content)
  } catch (error) {
    report('A PDF could not be written:', error)
    return { outcome: 'failed', message: sentence(error, filePath) }
  }
  return { outcome: 'saved', name: basename(filePath) }
}

/** Written beside and renamed, so that a file which is there already is replaced whole or not at all. */
async function writeBeside(file: string, content: Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, content, { flag: 'wx' })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}

function sentence(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  const folder = dirname(file)
  if (code === 'ENOSPC') return `The PDF was not saved, because there is no room left in “${folder}”.`
  if (code === 'ENOENT') return `The PDF was not saved, because the folder “${folder}” is not there.`
  if (['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'EBUSY'].includes(String(code)))
    return `The PDF was not saved, because “${file}” may not be written: choose another name or folder.`
  return `The PDF was not saved, because “${file}” could not be written: choose another folder.`
}

/** A page's title as the name of a file that every system takes. */
function fileName(title: string): string {
  const plain = title.replace(/ · Aurelius$/, '').replace(/[^\p{L}\p{N} ()_-]+/gu, ' ')
  return plain.replace(/\s+/g, ' ').trim().slice(0, MOST_CHARACTERS).trim() || 'Aurelius'
}

function isDashboard({ senderFrame }: IpcMainInvokeEvent, own: string | null): boolean {
  return own !== null && senderFrame?.parent === null && originOf(senderFrame.url) === own
}
