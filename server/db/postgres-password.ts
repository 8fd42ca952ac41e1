/**
 * What the driver signs in with. Where it is given nothing it looks into PGPASSWORD and `.pgpass`, which belong to other
 * programs; a function it asks and no further.
 */
export function ownPassword(password: string | undefined): string | (() => string) {
  return password || (() => '')
}
