// The package comes without types; these are the parts that the tests use.
declare module 'smtp-server' {
  import type { EventEmitter } from 'node:events'
  import type { Server } from 'node:net'

  export interface SMTPSession {
    envelope: { rcptTo: { address: string }[] }
    secure: boolean
    user?: string
  }
  type Answer = (error?: (Error & { responseCode?: number }) | null) => void

  export interface SMTPServerOptions {
    secure?: boolean
    key?: string
    cert?: string
    authOptional?: boolean
    disabledCommands?: string[]
    onAuth?(
      auth: { username?: string; password?: string },
      session: SMTPSession,
      answer: (error: Error | null, reply?: { user: string }) => void,
    ): void
    onRcptTo?(address: { address: string }, session: SMTPSession, answer: Answer): void
    onData?(stream: NodeJS.ReadableStream, session: SMTPSession, answer: Answer): void
  }

  export class SMTPServer extends EventEmitter {
    constructor(options: SMTPServerOptions)
    server: Server
    listen(port: number, host: string, done: () => void): void
    close(done: () => void): void
  }
}
