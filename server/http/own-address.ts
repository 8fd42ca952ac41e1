import type { Context } from 'koa'

/** Whether a page of ours is asking: its Origin, which no other page can send here and no script sends, is this address. */
export function isOwnPage(ctx: Context): boolean {
  const origin = ctx.get('Origin')
  return origin !== '' && new URL(origin).host === ctx.host
}

/** The address a request came to, as its sender knows it: behind a proxy that does TLS the Origin says https. */
export function ownAddress(ctx: Context): string {
  return isOwnPage(ctx) ? ctx.get('Origin') : `${ctx.protocol}://${ctx.host}`
}
