import { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import { TRANSFER_PACE } from '@azora/contracts'

/** At least so many bytes in each such time. */
export interface Pace {
  bytesMin: number
  withinMs: number
}

/**
 * What a sender brings, as long as it keeps the pace; time in which nobody takes anything isn't counted. It fails with
 * `transfer_too_slow` or `transfer_broken`. The sender stays connected, so that it can be told, and what else it sends is dropped.
 */
export function inTime(source: Readable, pace: Pace = TRANSFER_PACE): Readable {
  let came = 0
  let waitedMs = 0
  let sinceMs = 0
  let timer: NodeJS.Timeout | undefined
  const hold = (): void => {
    if (!timer) return
    clearTimeout(timer)
    timer = undefined
    waitedMs += performance.now() - sinceMs
  }
  const wait = (): void => {
    if (timer || source.readableEnded) return
    sinceMs = performance.now()
    timer = setTimeout(() => content.destroy(tooSlow(pace)), Math.max(0, pace.withinMs - waitedMs))
  }
  const add = (chunk: Buffer): void => {
    came += chunk.length
    const hasRoom = content.push(chunk)
    if (hasRoom && came < pace.bytesMin) return
    hold()
    if (came >= pace.bytesMin) {
      came = 0
      waitedMs = 0
    }
    if (hasRoom) wait()
    else source.pause()
  }
  const end = (): void => {
    hold()
    source.off('close', fail)
    content.push(null)
  }
  const fail = (): void => void content.destroy(broken())
  const content = new Readable({
    read() {
      wait()
      source.resume()
    },
    destroy(error, done) {
      hold()
      source.off('data', add).off('end', end).off('close', fail).resume()
      done(error)
    },
  })
  // What goes wrong closes it, too.
  source.on('error', () => undefined)
  source.on('data', add).once('end', end).once('close', fail).pause()
  return content
}

const tooSlow = ({ bytesMin, withinMs }: Pace): AzoraError =>
  new AzoraError(
    'fix',
    'transfer_too_slow',
    `fewer than ${bytesMin / 1024} KiB of the artifact came within ${withinMs / 1000} s`,
  )

const broken = (): AzoraError =>
  new AzoraError('cancelled', 'transfer_broken', 'the connection broke before the artifact was whole')
