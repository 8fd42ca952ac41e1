import type { Context } from 'koa'

/**
 * Answers with an object as JSON whose text is made once. Only for objects that never change: what is sent is what
 * they were at first.
 */
export function createJsonReplies<Value extends object>(wrap: (value: Value) => object) {
  const texts = new WeakMap<Value, string>()
  return (ctx: Context, value: Value): void => {
    let text = texts.get(value)
    if (text === undefined) {
      text = JSON.stringify(wrap(value))
      texts.set(value, text)
    }
    ctx.res.setHeader('Content-Type', 'application/json; charset=utf-8')
    ctx.body = text
  }
}
