import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createCli, type Finished, type Started } from './cli.ts'
import { tempDir } from './temp-dir.ts'

/**
 * `azora up` for the tests of one file, in a folder of its own: ready before them, and gone after them with everything that
 * the command line started, however they end.
 *
 * @param root of the checkout
 */
export function upForTests(name: string, env: NodeJS.ProcessEnv = {}, root?: string) {
  const folder = tempDir(name)
  const dataDir = join(folder.path, 'data')
  const cli = createCli(dataDir, env, root)
  let running: Started

  /** How the server ends that was started last. */
  const ended = (): Promise<Finished> => running.finished
  const start = async (): Promise<void> => {
    running = await cli.up()
  }
  /** Starts it again once it has ended; `before` is done in between. */
  async function restart(before = (): void => {}): Promise<void> {
    await ended()
    before()
    await start()
  }
  beforeAll(start)
  afterAll(async () => {
    await cli.stop()
    folder.remove()
  })
  return { folder: folder.path, dataDir, cli, restart, ended }
}
