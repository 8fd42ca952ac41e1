import type { EndedRun } from './ended-run'

/** What passes between the desktop's processes: page and main (the bridge), main and the server process (messages). */

/** `window.aurelius` in the desktop window; `undefined` in a browser. */
export interface DesktopBridge {
  readonly versions: { app: string; electron: string; chrome: string; node: string }
  /** Tells the page how the embedded server fares; returns the unsubscribe function. */
  onServerStatus(listener: (status: ServerStatus) => void): () => void
  /** Has the system say that a run has ended; who clicks on it sees the run. */
  tellRunEnded(run: EndedRun): void
  /** Has the page saved as PDF, as it would be printed, where the person says. */
  savePdf(): Promise<PdfReply>
}

/** What became of it; `message` is one plain sentence. */
export type PdfReply =
  | { outcome: 'saved'; name: string }
  | { outcome: 'cancelled' }
  | { outcome: 'failed'; message: string }

export type ServerStatus =
  | { state: 'starting'; step: string } // a sentence part, for example "Updating the database (2 of 3)"
  | { state: 'opening'; origin: string } // pages are served, the API follows
  | { state: 'ready'; origin: string; setupCode: string | null } // the code while nobody has an account
  | { state: 'restarting'; attempt: number }
  | { state: 'failed'; reason: string; wasReady: boolean } // one plain sentence; faulty settings follow, a line each

export const IPC = {
  serverStatus: 'server:status',
  startRetry: 'start:retry',
  openLogFolder: 'start:open-log-folder',
  quit: 'start:quit',
  runEnded: 'run:ended',
  pagePainted: 'page:painted',
  savePdf: 'page:save-pdf',
} as const

/** How main answers a call of the start page. */
export type BridgeReply = { ok: true } | { ok: false; message: string } // one plain sentence

/** Main to the server process, once, right after the fork. */
export interface StartMessage {
  type: 'start'
  /** The settings a person may set (see README), as main found them in its environment and `.env` file. */
  settings: Record<string, string>
  /** Keys for signing tokens; never in argv, environment, file or log. `null`: `SECRET_KEY` is set. */
  signingKeys: KeptSigningKey[] | null
  /** Key for what rests in the database encrypted, base64url, in the same way. */
  dataKey: string | null
  dataFolder: string
  logFolder: string
  rendererFolder: string
}
export interface StopMessage {
  type: 'stop'
}
/** Main to the server process: the signing keys in the keychain are these now. */
export interface SigningKeysMessage {
  type: 'signing-keys'
  keys: KeptSigningKey[]
}
/** What main says to a `SigningKeyRequest` of the same number. */
export interface SigningKeyReply {
  type: 'signing-key-reply'
  request: number
  outcome: { keys: KeptSigningKey[] } | { problem: string } // one plain sentence
}
/** What main says to an `AuditHeadRequest` of the same number. */
export interface AuditHeadReply {
  type: 'audit-head-reply'
  request: number
  outcome: { text: string | null } | { problem: string } // one plain sentence
}
export type ToServer = StartMessage | StopMessage | SigningKeysMessage | SigningKeyReply | AuditHeadReply

/** A signing key on its way between processes. */
export interface KeptSigningKey {
  key: string // base64url
  signsFrom: number | null // seconds since 1970
}
/** What is to be done with the signing keys where they rest. */
export type SigningKeyWork = { do: 'rotate' } | { do: 'destroy'; ids: string[] }

export interface SigningKeyRequest {
  type: 'signing-key-request'
  request: number
  work: SigningKeyWork
}

/** What is to be done with what the keychain remembers of an audit log; nothing of it is secret. */
export type AuditHeadWork = { do: 'recall'; name: string } | { do: 'remember'; name: string; text: string }

export interface AuditHeadRequest {
  type: 'audit-head-request'
  request: number
  work: AuditHeadWork
}

export type FromServer =
  | { type: 'progress'; step: string }
  | { type: 'listening'; origin: string } // pages are served, the API follows
  | { type: 'ready'; origin: string; setupCode: string | null }
  | { type: 'failed'; reason: string; exitCode: number } // safe to show
  | SigningKeyRequest
  | AuditHeadRequest
