/** Source of a skill that takes too much of what it is told. */
export const HOG_SKILL = `
import { spawn } from 'node:child_process'
import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

const MIB = Buffer.alloc(1024 * 1024, 1)
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const fill = (path: string, mebibytes: number) => {
  const fd = openSync(path, 'w')
  for (let at = 0; at < mebibytes; at += 1) writeSync(fd, MIB)
}
/** Runs a program to its end, whatever becomes of it. */
const run = (program: string, args: string[]) =>
  new Promise((resolve) => spawn(program, args, { stdio: 'ignore' }).on('exit', resolve).on('error', resolve))

export default defineSkill({
  skillId: 'test.play',
  version: '1.0.0',
  title: 'Hog',
  description: 'Takes too much.',
  input: z.object({ play: z.string(), text: z.string().default('') }),
  output: z.json(),
  effects: ['write'],
  idempotent: false,
  workspace: 'write',
  async run({ play, text }, { workspace }) {
    const kept: unknown[] = []
    if (play === 'nothing') return null
    if (play === 'cpu') for (;;) kept.length = 0
    if (play === 'cpu of children') return await run('/bin/sh', ['-c', 'for i in 1 2 3 4; do (while :; do :; done) & done; wait'])
    if (play === 'memory') for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1))
    if (play === 'memory of children') {
      for (;;) {
        spawn('/bin/sh', ['-c', 'x=$(head -c 30000000 /dev/zero | tr "\\\\0" x); sleep 60'])
        await sleep(20)
      }
    }
    if (play === 'processes') for (;;) { spawn('sleep', ['60']).on('error', () => {}); await sleep(1) }
    if (play === 'threads') {
      await run('python3', ['-c', 'import threading, time\\nwhile True:\\n  try: threading.Thread(target=lambda: time.sleep(60)).start()\\n  except RuntimeError: time.sleep(1)'])
      await sleep(2000)
    }
    if (play === 'files') for (;;) kept.push(openSync('/dev/null', 'r'))
    if (play === 'files of children') return await run('python3', ['-c', 'import time\\nkept = []\\nwhile True:\\n  try: kept.append(open("/dev/null"))\\n  except OSError: time.sleep(1)'])
    if (play === 'file') fill(join(workspace, 'big'), 1024)
    if (play === 'file of children') {
      await run('/bin/sh', ['-c', 'exec head -c 100000000 /dev/zero > ' + join(workspace, 'big')])
      process.exit(153)
    }
    if (play === 'disk') for (let n = 0; ; n += 1) fill(join(workspace, String(n)), 1)
    if (play === 'disk of children') return await run('/bin/sh', ['-c', 'i=0; while :; do i=$((i+1)); head -c 1000000 /dev/zero > ' + workspace + '/$i; done'])
    if (play === 'tmp' || play === 'shm') {
      const folder = play === 'tmp' ? '/tmp/a' : '/dev/shm/a'
      mkdirSync(folder)
      for (let n = 0; ; n += 1) fill(join(folder, String(n)), 1)
    }
    if (play === 'tmp of children') return await run('/bin/sh', ['-c', 'head -c 1000000000 /dev/zero > /tmp/big; sleep 5'])
    if (play === 'wall') await sleep(60_000)
    if (play === 'output') for (;;) writeSync(1, 'x'.repeat(1024))
    return null
  },
})
`
