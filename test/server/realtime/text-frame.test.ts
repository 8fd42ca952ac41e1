import type { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { textFrame } from '../../../server/realtime/text-frame'

// The package's types leave out its parser.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'a text of %i bytes is framed as a client reads it',
  async (length) => {
    const text = `${'ä'.repeat(length >> 1)}${'x'.repeat(length % 2)}`
    const receiver = new Receiver({ isServer: false })
    const received = new Promise((resolve) => {
      receiver.on('message', (data: Buffer, isBinary: boolean) => resolve([String(data), isBinary]))
    })
    const frame = textFrame(text)
    receiver.write(frame.subarray(0, 3))
    receiver.write(frame.subarray(3))

    expect(await received).toEqual([text, false])
  },
)
