/** Whether a path belongs to the API rather than to the dashboard; like the router, whatever its case. */
export function isApiPath(path: string): boolean {
  return /^\/api(?:\/|$)/i.test(path)
}
