import type { EntryRecord } from '@azora/contracts'
import { createLogUpdate } from 'log-update'
import type { Screen } from '../output/screen.ts'
import { applyEntry } from './fold.ts'
import { tellEntry } from './lines.ts'
import type { RunView } from './run-view.ts'
import { runTree } from './tree.ts'

/** Shows a run while it happens. */
export interface Display {
  add(entry: EntryRecord): void
  /** A remark below the run, such as a lost connection; empty takes it away. */
  remark(text: string): void
  /** Leaves the last picture on screen. */
  close(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 100

/** A tree that is redrawn on a terminal, or lines that are appended elsewhere. */
export const createDisplay = (screen: Screen, view: RunView): Display =>
  screen.live ? createTreeDisplay(screen, view) : createLineDisplay(screen, view)

function createTreeDisplay({ stream, style }: Screen, view: RunView): Display {
  const update = createLogUpdate(stream)
  let frame = 0
  let note = ''
  const picture = (spinner: string): string =>
    runTree(view, { style, columns: stream.columns ?? 80, spinner, nowMs: Date.now() })
  const draw = (): void => {
    frame = (frame + 1) % FRAMES.length
    update(note === '' ? picture(FRAMES[frame] ?? '') : `${picture(FRAMES[frame] ?? '')}\n  ${style.heed(note)}`)
  }
  const timer = setInterval(draw, FRAME_MS)
  return {
    add(entry) {
      note = ''
      applyEntry(view, entry)
    },
    remark(text) {
      note = text
    },
    close() {
      clearInterval(timer)
      // The redrawn region ends at the height of the terminal; the last picture is whole.
      update.clear()
      update.done()
      stream.write(`${picture('·')}\n`)
    },
  }
}

function createLineDisplay(screen: Screen, view: RunView): Display {
  let note = ''
  return {
    add(entry) {
      note = ''
      for (const line of tellEntry(view, entry, screen.style, screen.stream.columns ?? 160)) screen.say(line)
    },
    remark(text) {
      if (text !== '' && text !== note) screen.say(`  ${text}`)
      note = text
    },
    close: () => {},
  }
}
