/** What the first bytes of a connection say about TLS. */
export type Hello =
  /** More bytes are needed. */
  | { kind: 'incomplete' }
  /** No ClientHello, or one that can't be read in one way only. */
  | { kind: 'other' }
  /** A ClientHello; `name` is the host that it asks for (RFC 6066, section 3), in lower case. */
  | { kind: 'hello'; name?: string }

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const RECORD_BYTES_MAX = 16_384 + 256
const HELLO_BYTES_MAX = 65_536

/** Reads a ClientHello (RFC 8446, section 4.1.2), which may lie in several records (section 5.1). */
export function readClientHello(bytes: Buffer): Hello {
  const parts: Buffer[] = []
  let length = 0
  for (let at = 0; ; ) {
    if (bytes.length < at + 5) return checkStart(bytes, at)
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3) return { kind: 'other' }
    const size = bytes.readUInt16BE(at + 3)
    if (size === 0 || size > RECORD_BYTES_MAX) return { kind: 'other' }
    const part = bytes.subarray(at + 5, at + 5 + size)
    parts.push(part)
    length += part.length
    const message = Buffer.concat(parts, length)
    if (message.length >= 1 && message[0] !== CLIENT_HELLO) return { kind: 'other' }
    if (message.length >= 4) {
      const whole = message.readUIntBE(1, 3)
      if (whole > HELLO_BYTES_MAX) return { kind: 'other' }
      if (message.length >= 4 + whole) return readBody(message.subarray(4, 4 + whole))
    }
    if (part.length < size) return { kind: 'incomplete' }
    at += 5 + size
  }
}

function checkStart(bytes: Buffer, at: number): Hello {
  const fits = (bytes.length <= at || bytes[at] === HANDSHAKE) && (bytes.length <= at + 1 || bytes[at + 1] === 3)
  return fits ? { kind: 'incomplete' } : { kind: 'other' }
}

/** Takes one field after the other; every length is checked against what is there. */
class Reader {
  #at = 0
  readonly #bytes: Buffer
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  get left(): number {
    return this.#bytes.length - this.#at
  }
  take(count: number): Buffer {
    if (count > this.left) throw new RangeError('a field is longer than the message')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
  number(count: number): number {
    return this.take(count).readUIntBE(0, count)
  }
  vector(lengthBytes: number): Buffer {
    return this.take(this.number(lengthBytes))
  }
}

function readBody(body: Buffer): Hello {
  try {
    const reader = new Reader(body)
    reader.take(2 + 32)
    reader.vector(1)
    reader.vector(2)
    reader.vector(1)
    if (reader.left === 0) return { kind: 'hello' }
    const extensions = new Reader(reader.vector(2))
    if (reader.left > 0) return { kind: 'other' }
    let name: string | undefined
    while (extensions.left > 0) {
      const type = extensions.number(2)
      const data = extensions.vector(2)
      if (type !== SERVER_NAME) continue
      if (name !== undefined) return { kind: 'other' }
      name = readName(data)
    }
    return name === undefined ? { kind: 'hello' } : { kind: 'hello', name }
  } catch (thrown) {
    if (thrown instanceof RangeError) return { kind: 'other' }
    throw thrown
  }
}

function readName(data: Buffer): string {
  const list = new Reader(data)
  const names = new Reader(list.vector(2))
  const type = names.number(1)
  const name = names.vector(2)
  if (type !== 0 || names.left > 0 || list.left > 0) throw new RangeError('there is more than one name')
  const text = name.toString('latin1').toLowerCase()
  if (!/^[a-z0-9.-]{1,255}$/.test(text)) throw new RangeError('the name is none')
  return text
}
