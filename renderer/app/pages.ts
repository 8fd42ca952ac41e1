import { lazy } from 'react'

const loadHome = () => import('../home/home-page')
const loadProfile = () => import('../profile/profile-page')

/** Pages of signed-in people are no part of what the sign-in page loads: it is what a start waits for. */
export const HomePage = lazy(async () => ({ default: (await loadHome()).HomePage }))
export const ProfilePage = lazy(async () => ({ default: (await loadProfile()).ProfilePage }))

/** Loads every page ahead of need, so that going to one waits for nothing and works while the server is away. */
export function prefetchPages(): void {
  for (const load of [loadHome, loadProfile]) load().catch(() => undefined) // asked for again when it is opened
}
