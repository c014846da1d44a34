import { createLogUpdate } from 'log-update'
import type { Screen } from './screen.ts'
import { shorten } from './style.ts'

/** What is being waited for: one line that changes on a terminal, one line each elsewhere. */
export interface Progress {
  stage(text: string): void
  /** Ends the waiting; the text stays. */
  done(text?: string): void
}

const MOST_STAGES = 40

export function createProgress(screen: Screen): Progress {
  const { style, stream } = screen
  const update = screen.live ? createLogUpdate(stream) : undefined
  let stages = 0
  let ended = false
  return {
    stage(text) {
      if (ended) return
      stages += 1
      const line = `  ${style.quiet(shorten(text, (stream.columns ?? 120) - 4))}`
      if (update) update(line)
      else if (stages <= MOST_STAGES) screen.say(line)
    },
    done(text) {
      ended = true
      update?.clear()
      update?.done()
      if (text !== undefined) screen.say(`${style.good('✓')} ${text}`)
    },
  }
}
