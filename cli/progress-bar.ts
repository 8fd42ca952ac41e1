import type { Output } from './terminal'

const WIDTH = 28
const EVERY_MS = 80

export interface ProgressBar {
  show(done: number, total: number): void
  /** Takes the bar away, so that what follows stands on a line of its own. */
  end(): void
}

/** A bar on stderr while somebody watches; nothing where the output goes into a file or a pipe. */
export function openProgressBar(stderr: Output, label: string, isWanted: boolean): ProgressBar {
  if (!isWanted || stderr.isTTY !== true) return { show: () => undefined, end: () => undefined }
  let shownAt = 0
  let isShown = false
  return {
    show(done, total) {
      const now = Date.now()
      if (now - shownAt < EVERY_MS && done < total) return
      shownAt = now
      isShown = true
      const fraction = total > 0 ? Math.min(1, done / total) : 1
      const full = Math.round(fraction * WIDTH)
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
      stderr.write(`\r${label} ${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${done} of ${total}`)
    },
    end() {
      if (isShown) stderr.write('\r\u001b[K')
      isShown = false
    },
  }
}
