import { createHash, type Hash, randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync, rmSync, type WriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import type { Artifact } from '@azora/contracts'

export type OutputStream = 'stdout' | 'stderr'

/** What an action prints: shown while it runs, and kept byte for byte. */
export interface Output {
  add(stream: OutputStream, chunk: Buffer): void
  /** What was printed, on disk until `discard`. */
  finish(): Promise<Printed[]>
  discard(): Promise<void>
}

export interface Printed {
  artifact: Artifact
  file: string
}

/** Long enough to make few messages of much output, short enough to look live. */
const SHOW_EVERY_MS = 100
/** Shown live in one message; more than that at one time is only kept. */
const SHOWN_CHARS_MAX = 32_768

interface Spool {
  file: string
  writing: WriteStream
  hash: Hash
  bytes: number
  decoder: StringDecoder
  unshown: string
}

/**
 * @param folder of the node's own
 * @param show called now and then with what was printed since
 */
export function createOutput(folder: string, show: (stream: OutputStream, text: string) => void): Output {
  const spools = new Map<OutputStream, Spool>()
  let timer: NodeJS.Timeout | undefined

  const open = (stream: OutputStream): Spool => {
    const file = join(folder, `${randomUUID()}.${stream}`)
    const writing = createWriteStream(file, { mode: 0o600, flags: 'wx' })
    // Told by `finish`; until then nobody waits for it.
    writing.on('error', () => undefined)
    const spool = { file, writing, hash: createHash('sha256'), bytes: 0, decoder: new StringDecoder(), unshown: '' }
    spools.set(stream, spool)
    return spool
  }
  const showAll = (): void => {
    timer = undefined
    for (const [stream, spool] of spools) {
      if (spool.unshown === '') continue
      show(stream, spool.unshown)
      spool.unshown = ''
    }
  }

  return {
    add(stream, chunk) {
      const spool = spools.get(stream) ?? open(stream)
      spool.hash.update(chunk)
      spool.bytes += chunk.length
      spool.writing.write(chunk)
      spool.unshown = (spool.unshown + spool.decoder.write(chunk)).slice(-SHOWN_CHARS_MAX)
      timer ??= setTimeout(showAll, SHOW_EVERY_MS)
    },
    async finish() {
      clearTimeout(timer)
      showAll()
      const printed: Printed[] = []
      for (const [name, { file, writing, hash, bytes }] of spools) {
        writing.end()
        await finished(writing)
        printed.push({ artifact: { name, digest: hash.digest('hex'), bytes }, file })
      }
      return printed
    },
    async discard() {
      clearTimeout(timer)
      for (const { file, writing } of spools.values()) {
        writing.destroy()
        await rm(file, { force: true })
      }
    },
  }
}

/** The node's folder for what is being printed, emptied of what an earlier life left there. */
export function openSpool(dataDir: string): string {
  const folder = join(dataDir, 'spool')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
