import { PERFORM_REQUESTS_MAX, type PerformMessage, type PerformRequest } from '@azora/contracts'

/** Gathers the requests of a turn, so that they travel in one message. */
export interface Frames {
  /** False for a request that is larger than a message may be. */
  add(request: PerformRequest): boolean
  /** Sends what was gathered now, and not at the end of the turn. */
  flush(): void
}

/** UTF-8 takes so many at most for one of JavaScript's characters. */
const CHARACTER_BYTES_MAX = 3
/** Of a node of the tree in base64, with quotes and comma, and of its place in a path. */
const NODE_BYTES = 64
const ENVELOPE_BYTES = 8_192

/** @param bytesMax of a message */
export function createFrames(send: (text: string) => void, bytesMax: number): Frames {
  let checkpoint: string | undefined
  let nodes = new Map<string, number>()
  let requests: string[] = []
  let bytes = 0

  const placeOf = (node: string): number => {
    const place = nodes.get(node) ?? nodes.size
    nodes.set(node, place)
    return place
  }

  function flush(): void {
    const text = requests.length === 0 ? undefined : messageText(checkpoint, [...nodes.keys()], requests)
    nodes = new Map()
    requests = []
    bytes = 0
    if (text !== undefined) send(text)
  }

  function add(request: PerformRequest): boolean {
    const { type: _type, action, receipt, ...rest } = request
    if (receipt?.checkpoint !== checkpoint || requests.length === PERFORM_REQUESTS_MAX) flush()
    checkpoint = receipt?.checkpoint
    const text = JSON.stringify({
      ...rest,
      ...(receipt?.entry.payload?.action !== action && { action }),
      ...(receipt && {
        entry: receipt.entry,
        inclusion: { index: receipt.inclusion.index, path: receipt.inclusion.path.map(placeOf) },
      }),
    } satisfies PerformMessage['requests'][number])
    const size = sizeOf(text) + (receipt?.inclusion.path.length ?? 0) * NODE_BYTES + ENVELOPE_BYTES
    if (size > bytesMax) return false
    if (bytes + size > bytesMax) {
      flush()
      return add(request)
    }
    if (requests.length === 0) process.nextTick(flush)
    bytes += size
    requests.push(text)
    return true
  }

  return { add, flush }
}

/** A {@link PerformMessage}. @param requests as JSON, each */
function messageText(checkpoint: string | undefined, nodes: readonly string[], requests: readonly string[]): string {
  const proofs = checkpoint === undefined ? '' : `"checkpoint":${inAscii(JSON.stringify(checkpoint))},`
  return `{"type":"perform",${proofs}"nodes":${JSON.stringify(nodes)},"requests":[${requests.join()}]}`
}

/** Bytes, or more: counted only where that matters. */
const sizeOf = (text: string): number =>
  text.length < 100_000 ? text.length * CHARACTER_BYTES_MAX : Buffer.byteLength(text)

/** One other character, such as the dash of a signed note, makes a text take twice the memory, and longer to read. */
const inAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
