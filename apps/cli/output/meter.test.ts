import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { createMeter, meterText } from './meter.ts'
import { createScreen, type OutputStream } from './screen.ts'

const MIB = 1024 * 1024

/** What a terminal shows of a transfer of 64 MiB at 16 MiB a second. */
function shown({ json = false, isTTY = true, known = true, mib = 64, columns = 80 } = {}): string {
  const total = known ? mib * MIB : undefined
  const stderr: OutputStream = Object.assign(new PassThrough(), { isTTY, columns, rows: 24 })
  const screen = createScreen({ stdout: new PassThrough(), stderr, env: {}, json })
  let ms = 0
  const meter = createMeter(screen, 'sending big', total, () => ms)
  for (let count = 0; count <= 64 * MIB; count += MIB) {
    ms = (1_000 * count) / (16 * MIB)
    meter.at(count)
  }
  meter.done()
  return stripVTControlCharacters(String((stderr as PassThrough).read() ?? ''))
}

it('people see how far it is, at what rate, ten times a second at most', () => {
  const text = shown()
  expect(text).toContain('sending big: 32.0 MiB of 64.0 MiB, 50 %, 16.0 MiB/s')
  expect(text.match(/sending/g)?.length).toBeLessThanOrEqual(40)
})

it('where nobody knows how much comes, that isn’t said', () => {
  expect(shown({ known: false })).toContain('sending big: 32.0 MiB, 16.0 MiB/s')
})

it('nothing is shown of what is small, with --json, or where no terminal is', () => {
  for (const how of [{ mib: 1 }, { json: true }, { isTTY: false }, { columns: 0 }]) expect(shown(how)).toBe('')
})

it('there is no rate before time has passed', () => {
  expect(meterText('sending big', 0, MIB, 0)).toBe('sending big: 0 B of 1.0 MiB, 0 %')
})
