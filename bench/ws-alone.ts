import { type WebSocket, WebSocketServer } from 'ws'
import { textFrame } from '../server/realtime/text-frame'
import { answerStart } from './support/answer-start'

/** What a client asks of the server: so many frames to every socket, or none at the same times. */
export interface Broadcast {
  frames: number
  pauseMs: number
  isSent: boolean
}

/** About one event. */
const FRAME = textFrame(JSON.stringify({ type: 'events', stream: 'ledger', events: ['x'.repeat(300)] }))

/** The package alone: whoever asks for it gets a broadcast of a frame that was made before, and a word at its end. */
answerStart(async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await new Promise((listening) => server.once('listening', listening))
  server.on('connection', (socket, { socket: wire }) => {
    socket.on('message', (asked) => broadcast(JSON.parse(String(asked)) as Broadcast, socket))
    wire.setNoDelay(true)
  })

  function broadcast({ frames, pauseMs, isSent }: Broadcast, asking: WebSocket): void {
    let left = frames
    const tick = setInterval(() => {
      left -= 1
      if (isSent) for (const socket of server.clients) wireOf(socket).write(FRAME)
      if (left > 0) return
      clearInterval(tick)
      asking.send('over')
    }, pauseMs)
  }
  const { port } = server.address() as { port: number }
  return { value: port, close: async () => server.close() }
})

// What the server has from the handshake; the package has it under a name of its own.
function wireOf(socket: WebSocket): NodeJS.WritableStream {
  return (socket as unknown as { _socket: NodeJS.WritableStream })._socket
}
