import type { Context } from 'koa'
import { sendWhole } from './reply-headers'

interface Written {
  text: string
  headers: string[]
  encoding: BufferEncoding
}

/**
 * Answers with an object as JSON whose text is made once. Only for objects that never change: what is sent is what
 * they were at first.
 */
export function createJsonReplies<Value extends object>(wrap: (value: Value) => object) {
  const written = new WeakMap<Value, Written>()

  function write(value: Value): Written {
    const text = JSON.stringify(wrap(value))
    const length = Buffer.byteLength(text)
    const headers = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(length)]
    // The bytes are the same, and are copied rather than encoded.
    const reply: Written = { text, headers, encoding: length === text.length ? 'latin1' : 'utf8' }
    written.set(value, reply)
    return reply
  }

  return (ctx: Context, value: Value): void => {
    const { text, headers, encoding } = written.get(value) ?? write(value)
    ctx.respond = false
    sendWhole(ctx, headers, text, encoding)
  }
}
