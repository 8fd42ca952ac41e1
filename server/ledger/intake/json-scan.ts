const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09
}

/** Finds where a JSON value ends, going on in the next piece of the body where one ends within it. */
export function createValueScan() {
  let isOpen = false
  let isString = false
  let isEscaped = false
  let depth = 0
  let line = 1
  let endLine = 1

  const close = (end: number) => {
    isOpen = false
    return end
  }
  return {
    isOpen: () => isOpen,
    /** The line that the value starts in. */
    get line() {
      return line
    },
    get endLine() {
      return endLine
    },
    open(atLine: number) {
      isOpen = true
      isString = false
      isEscaped = false
      depth = 0
      line = atLine
      endLine = atLine
    },
    /** @returns the index after the value; -1 where it goes on behind these bytes */
    scan(bytes: Uint8Array, from: number): number {
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at] as number
        if (isString) {
          if (isEscaped) isEscaped = false
          else if (byte === BACKSLASH) isEscaped = true
          else if (byte === QUOTE) {
            isString = false
            if (depth === 0) return close(at + 1)
          }
        } else if (byte === QUOTE) isString = true
        else if (byte === 0x5b || byte === 0x7b) depth++
        else if (byte === 0x5d || byte === 0x7d) {
          if (depth === 0) return close(at)
          depth--
          if (depth === 0) return close(at + 1)
        } else if (depth === 0 && (byte === 0x2c || byte === 0x3a || isSpace(byte))) return close(at)
        else if (byte === NEWLINE) endLine++
      }
      return -1
    },
  }
}
