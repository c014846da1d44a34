import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'

/** The right to be the only process that cosigns from a state directory. */
export interface Lock {
  /** Throws `witness_running` when another process holds it by now. */
  assertHeld(): Promise<void>
  release(): Promise<void>
}

/** Takes the directory; one whose holder died is taken over. Throws `witness_running`. */
export async function takeLock(folder: string): Promise<Lock> {
  const file = join(folder, 'lock')
  const own = join(folder, `lock.${process.pid}`)
  await writeFile(own, `${process.pid}\n`, { mode: 0o600 })
  try {
    // A link is made or not made, never half; what is there already is not replaced.
    while (!(await linked(own, file))) await removeStale(file, folder)
    const { ino } = await stat(own)
    const assertHeld = async (): Promise<void> => {
      const held = await stat(file).catch(() => undefined)
      if (held?.ino !== ino) throw running(folder)
    }
    return {
      assertHeld,
      async release() {
        await assertHeld()
        await rm(file, { force: true })
      },
    }
  } finally {
    await rm(own, { force: true })
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (thrown) {
    if (isErrno(thrown, 'EEXIST')) return false
    throw thrown
  }
}

async function removeStale(file: string, folder: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((thrown) => {
    if (isErrno(thrown, 'ENOENT')) return undefined
    throw thrown
  })
  if (text === undefined) return
  const pid = Number(text)
  if (pid !== process.pid && isAlive(pid)) throw running(folder, pid)
  const away = `${file}.stale.${process.pid}`
  await rename(file, away).catch((thrown) => {
    if (!isErrno(thrown, 'ENOENT')) throw thrown
  })
  await rm(away, { force: true })
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return isErrno(thrown, 'EPERM')
  }
}

const running = (folder: string, pid?: number): AzoraError =>
  new AzoraError(
    'conflict',
    'witness_running',
    `another witness works with ${folder}${pid === undefined ? '' : ` (process ${pid})`}`,
    { remedy: `Stop it first. If process ${pid ?? 'N'} is no witness, remove ${join(folder, 'lock')}.` },
  )

const isErrno = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code
