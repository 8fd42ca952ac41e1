/** Whether a path belongs to the API rather than to the dashboard. */
export function isApiPath(path: string): boolean {
  return path === '/api' || path.startsWith('/api/')
}
