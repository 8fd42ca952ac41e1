const TEXT_AND_FINAL = 0x81
/** Payloads up to here have their length in the second byte; larger ones say there how many bytes hold it. */
const SHORT = 125
const IN_TWO_BYTES = 126
const IN_EIGHT_BYTES = 127

/**
 * A text message of a server as it goes over the wire: one frame, without a mask. Made once, it can be written to any
 * number of sockets; to frame it for each costs more than the text itself.
 *
 * @see RFC 6455 section 5.2
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headLength = length <= SHORT ? 2 : length <= 0xffff ? 4 : 10
  const frame = Buffer.allocUnsafeSlow(headLength + length)
  frame[0] = TEXT_AND_FINAL
  if (headLength === 2) frame[1] = length
  else if (headLength === 4) {
    frame[1] = IN_TWO_BYTES
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = IN_EIGHT_BYTES
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, headLength)
  return frame
}
