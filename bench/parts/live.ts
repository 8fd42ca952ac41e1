import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import { REALTIME_BEARER_PROTOCOL, REALTIME_PATH, REALTIME_PROTOCOL } from '../../contracts/realtime'
import { cpuTime } from '../support/cpu-time'
import { type Product, startProduct } from '../support/product'
import { startProgram } from '../support/program'
import type { Result } from '../support/report'
import { interleave, median } from '../support/statistics'
import type { Broadcast } from '../ws-alone'

const ROUNDS = 2
const PEOPLE = 10
const SOCKETS_EACH = 20
const CLIENTS = PEOPLE * SOCKETS_EACH
const GOAL_US = 2
const [FRAMES, FRAME_MS] = [100, 20]
const KINDS = [
  { what: `a live event to each of ${CLIENTS} clients, back to back`, events: 200, pauseMs: 0 },
  { what: `a live event to each of ${CLIENTS} clients, one by one`, events: 60, pauseMs: 40 },
]

/** CPU of the server per live event and client: what recording it with followers costs more than without. */
export async function live(): Promise<Result[]> {
  const product = await startProduct(PEOPLE)
  const workspace = await product.shareWorkspace(PEOPLE)
  const results: Result[] = []
  for (const { what, events, pauseMs } of KINDS) {
    const record = () => recordEvents(product, workspace, events, pauseMs)
    const pairs = await interleave(
      ROUNDS,
      async () => {
        const clients = await openClients(product)
        const used = await record()
        await clients.haveAll(events)
        clients.close()
        return used
      },
      record,
    )
    const costs = pairs.map(({ ours, other }) => ((ours - other) * 1000) / (events * CLIENTS))
    const comparison = { ours: median(costs), other: GOAL_US, ratio: median(costs) / GOAL_US }
    results.push({ what, comparedWith: 'the goal', unit: 'µs', target: { atMost: 1 }, ...comparison })
  }
  await product.server.end()
  results.push(await aloneWithSockets())
  return results
}

/** What a frame to each of as many sockets costs the package alone: the kernel's part of it is what nobody gets around. */
async function aloneWithSockets(): Promise<Result> {
  const server = await startProgram<object, number>('ws-alone', {})
  const sockets = await openSockets(() => new WebSocket(`ws://127.0.0.1:${server.value}`, { perMessageDeflate: false }))
  const asking = sockets[0] as WebSocket
  const ask = async (isSent: boolean) => {
    const before = cpuTime(server.pid) ?? Number.NaN
    const broadcast: Broadcast = { frames: FRAMES, pauseMs: FRAME_MS, isSent }
    const over = new Promise<void>((resolve) => {
      asking.on('message', (text) => String(text) === 'over' && resolve())
    })
    asking.send(JSON.stringify(broadcast))
    await over
    return (cpuTime(server.pid) ?? Number.NaN) - before
  }
  const pairs = await interleave(
    ROUNDS,
    () => ask(true),
    () => ask(false),
  )
  for (const socket of sockets) socket.terminate()
  await server.end()
  const cost = median(pairs.map(({ ours, other }) => ((ours - other) * 1000) / (FRAMES * CLIENTS)))
  return {
    what: `  a frame to each of ${CLIENTS} sockets, by the package alone`,
    ...{ comparedWith: 'the goal', unit: 'µs', ours: cost, other: GOAL_US, ratio: cost / GOAL_US },
  }
}

/** @returns milliseconds of CPU the server has used by the time everything was told */
async function recordEvents(product: Product, workspace: string, events: number, pauseMs: number): Promise<number> {
  const headers = { authorization: `Bearer ${product.token()}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'bench', strategy_type: 'bench', workspace_id: workspace })
  const before = cpuTime(product.server.pid) ?? Number.NaN
  for (let index = 0; index < events; index += 1) {
    const reply = await fetch(`http://127.0.0.1:${product.server.value}/api/v1/strategies`, {
      method: 'POST',
      headers,
      body,
    })
    await reply.arrayBuffer()
    if (reply.status !== 201) throw new Error(`no event was made: ${reply.status}`)
    if (pauseMs > 0) await pause(pauseMs)
  }
  await pause(200)
  return (cpuTime(product.server.pid) ?? Number.NaN) - before
}

async function openClients(product: Product) {
  let received = 0
  const url = `ws://127.0.0.1:${product.server.value}${REALTIME_PATH}`
  const sockets = await openSockets((index) => {
    // By the handshake: of sockets that have shown nothing yet, only so many may be open.
    const protocols = [REALTIME_PROTOCOL, REALTIME_BEARER_PROTOCOL + product.token(index % PEOPLE)]
    return new WebSocket(url, protocols, { perMessageDeflate: false })
  })
  const following = Promise.all(sockets.map(isFollowing))
  for (const socket of sockets) socket.send(JSON.stringify({ type: 'follow', stream: 'ledger' }))
  await following
  for (const socket of sockets)
    socket.on('message', (text) => {
      received += String(text).split('"workspace_id"').length - 1
    })
  return {
    async haveAll(events: number) {
      for (let tries = 0; received < events * CLIENTS; tries += 1) {
        if (tries > 100) throw new Error(`${received} of ${events * CLIENTS} events came`)
        await pause(50)
      }
    },
    close() {
      for (const socket of sockets) socket.terminate()
    },
  }
}

async function openSockets(open: (index: number) => WebSocket): Promise<WebSocket[]> {
  const sockets = Array.from({ length: CLIENTS }, (_none, index) => open(index))
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  return sockets
}

function isFollowing(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (text) => String(text).includes('"following"') && resolve())
  })
}
