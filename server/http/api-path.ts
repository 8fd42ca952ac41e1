/** Whether a path belongs to the API, its socket included, rather than to the dashboard; like the router, whatever its case. */
export function isApiPath(path: string): boolean {
  return /^\/(?:api|ws)(?:\/|$)/i.test(path)
}
