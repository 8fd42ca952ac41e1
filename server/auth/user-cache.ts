import type { User } from '../../contracts/auth'

const MOST_REMEMBERED = 1024

export type UserCache = ReturnType<typeof createUserCache>

/** Remembers users by id until they change, so that a verified token is answered without a query. */
export function createUserCache(find: (id: string) => Promise<User | undefined>) {
  const users = new Map<string, User>()
  const reading = new Map<string, object>()

  async function read(id: string): Promise<User | undefined> {
    const thisRead = {}
    reading.set(id, thisRead)
    try {
      const user = await find(id)
      // A change that came while the row was being read may be newer than the row.
      if (user && reading.get(id) === thisRead) {
        if (users.size >= MOST_REMEMBERED) users.delete(users.keys().next().value as string)
        users.set(id, user)
      }
      return user
    } finally {
      if (reading.get(id) === thisRead) reading.delete(id)
    }
  }

  return {
    get: (id: string): User | Promise<User | undefined> => users.get(id) ?? read(id),

    forget(id: string) {
      reading.delete(id)
      users.delete(id)
    },
    forgetAll() {
      reading.clear()
      users.clear()
    },
  }
}
