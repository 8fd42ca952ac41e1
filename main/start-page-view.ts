import { IPC, type ServerStatus } from '../contracts/ipc'

interface StartPageLinks {
  ask(channel: string): Promise<void>
  onServerStatus(listener: (status: ServerStatus) => void): void
}

/** Fills the splash and error page in from the preload's world, so that the page itself needs no script. */
export function fillStartPage({ ask, onServerStatus }: StartPageLinks): void {
  document.addEventListener('DOMContentLoaded', () => {
    onServerStatus(show)
    element('retry').addEventListener('click', () => ask(IPC.startRetry))
    element('logs').addEventListener('click', () => ask(IPC.openLogFolder))
    element('quit').addEventListener('click', () => ask(IPC.quit))
  })
}

function show(status: ServerStatus): void {
  const failed = status.state === 'failed'
  element('starting').hidden = failed
  element('failed').hidden = !failed
  if (failed) showFailure(status)
  else element('step').textContent = stepOf(status)
}

function stepOf(status: Exclude<ServerStatus, { state: 'failed' }>): string {
  if (status.state === 'starting') return `${status.step}…`
  if (status.state === 'restarting') return `Starting again (attempt ${status.attempt})…`
  return 'Opening the dashboard…'
}

/** The first line is the sentence; lines after it are the faults it speaks of. */
function showFailure({ reason, wasReady }: Extract<ServerStatus, { state: 'failed' }>): void {
  element('outcome').textContent = wasReady ? 'Aurelius stopped' : 'Aurelius could not start'
  const [sentence = '', ...faults] = reason.split('\n')
  element('reason').textContent = sentence
  element('faults').replaceChildren(
    ...faults.map((fault) => {
      const item = document.createElement('li')
      item.textContent = fault.trim()
      return item
    }),
  )
  element('retry').focus()
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`splash.html has no element #${id}`)
  return found
}
