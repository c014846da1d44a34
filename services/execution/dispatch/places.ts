import type { Link } from './link.ts'

/** What an action needs of a node. */
export interface Need {
  shard: string
  /** The code that it has to have. */
  codeDigest: string
}

/** The nodes that are connected, and those who wait for one of them to have room. */
export interface Places {
  add(link: Link): void
  remove(link: Link): void
  links(): readonly Link[]
  /** A held place, where there is one and nobody has waited for it longer. */
  take(need: Need): Held | undefined
  /** Calls back with a place in turn. Returns a function that gives up waiting. */
  wait(need: Need, onPlace: (held: Held) => void): () => void
  waiting(): number
  /** A node has room: whoever waits for it is served. */
  serve(shard: string): void
  /** The node said that it has other code than this. */
  lacks(link: Link, codeDigest: string): void
}

export interface Held {
  link: Link
  giveUp(): void
}

const LACKING_MAX = 1_000

export function createPlaces(): Places {
  const links = new Set<Link>()
  const queues = new Map<string, Set<{ need: Need; onPlace: (held: Held) => void }>>()
  const lacking = new WeakMap<Link, Set<string>>()

  const find = ({ shard, codeDigest }: Need): Link | undefined => {
    const serving = [...links].filter((link) => link.shard === shard && link.open() && !link.draining())
    const able = serving.filter((link) => !lacking.get(link)?.has(codeDigest))
    // Where no node has the code, one of them has to say so.
    const free = (able.length > 0 ? able : serving).filter((link) => link.busy() < link.capacity)
    return free.sort((a, b) => a.busy() / a.capacity - b.busy() / b.capacity)[0]
  }
  const hold = (link: Link): Held => ({ link, giveUp: link.hold() })

  return {
    add: (link) => void links.add(link),
    remove: (link) => void links.delete(link),
    links: () => [...links],
    take(need) {
      const link = queues.has(need.shard) ? undefined : find(need)
      return link && hold(link)
    },
    wait(need, onPlace) {
      const queue = queues.get(need.shard) ?? new Set()
      queues.set(need.shard, queue)
      const item = { need, onPlace }
      queue.add(item)
      return () => {
        queue.delete(item)
        if (queue.size === 0 && queues.get(need.shard) === queue) queues.delete(need.shard)
      }
    },
    waiting: () => [...queues.values()].reduce((sum, { size }) => sum + size, 0),
    serve(shard) {
      const queue = queues.get(shard)
      if (!queue) return
      for (const item of queue) {
        const link = find(item.need)
        if (!link) break
        queue.delete(item)
        if (queue.size === 0) queues.delete(shard)
        item.onPlace(hold(link))
      }
    },
    lacks(link, codeDigest) {
      const digests = lacking.get(link) ?? new Set()
      lacking.set(link, digests)
      if (digests.size < LACKING_MAX) digests.add(codeDigest)
    },
  }
}
