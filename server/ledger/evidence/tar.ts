/** A plain file in an archive. */
export interface ArchivedFile {
  path: string
  bytes: Uint8Array
}

const BLOCK = 512
const MOST_FILE_BYTES = 256 * 1024 * 1024
const REGULAR = '0'.charCodeAt(0)

/** The header of a file, then its bytes, padded. @see POSIX.1-2017 pax, "ustar Interchange Format" */
export function tarEntry({ path, bytes }: ArchivedFile, modifiedAt: Date): Uint8Array[] {
  const header = Buffer.alloc(BLOCK)
  if (Buffer.byteLength(path) > 100) throw new RangeError(`The path ${path} is too long for an archive.`)
  header.write(path, 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write(
    `${Math.floor(modifiedAt.getTime() / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  )
  header[156] = REGULAR
  header.write('ustar\x0000', 257)
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148)
  return [header, bytes, Buffer.alloc(padding(bytes.length))]
}

export const tarEnd = (): Uint8Array => Buffer.alloc(2 * BLOCK)

/** @throws {RangeError} it is no archive of plain files, it was cut off, or a file is larger than 256 MiB */
export async function* readTar(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<ArchivedFile> {
  const source = reader(pieces)
  for (;;) {
    const header = await source.take(BLOCK)
    if (header.every((byte) => byte === 0)) return
    const field = (from: number, length: number) => header.toString('latin1', from, from + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12).trim(), 8)
    const stated = Number.parseInt(field(148, 8).trim(), 8)
    if (field(257, 5) !== 'ustar' || header[156] !== REGULAR || stated !== checksum(header) || !(size >= 0))
      throw new RangeError('This is no archive of evidence.')
    if (size > MOST_FILE_BYTES) throw new RangeError('A file in the archive is too large.')
    const bytes = await source.take(size)
    await source.take(padding(size))
    yield { path: header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), bytes }
  }
}

/** The sum of all bytes of a header, with blanks in place of the sum itself. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0)
}

const padding = (length: number): number => (BLOCK - (length % BLOCK)) % BLOCK

function reader(pieces: AsyncIterable<Uint8Array>) {
  const source = pieces[Symbol.asyncIterator]()
  let held: Buffer[] = []
  let length = 0
  return {
    async take(count: number): Promise<Buffer> {
      while (length < count) {
        const { value, done } = await source.next()
        if (done) throw new RangeError('The archive was cut off.')
        held.push(Buffer.from(value))
        length += value.length
      }
      const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)
      held = [all.subarray(count)]
      length -= count
      return all.subarray(0, count)
    },
  }
}
