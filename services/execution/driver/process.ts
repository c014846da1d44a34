import { attend } from '../node/attend.ts'
import type { WarmPool } from '../node/warm-pool.ts'
import type { Driver } from './port.ts'

/**
 * One sandboxed Node.js process for each action.
 *
 * @param runner the SDK's runner of skills
 */
export function createProcessDriver({
  warm,
  runner,
}: {
  warm: Pick<WarmPool, 'launch' | 'close'>
  runner: string
}): Driver {
  return {
    name: 'process',
    perform({ entrypoint, code, codeFolder, invocation, limits, shown }, signal, onPrint) {
      const { wallMs, outputBytes, ...enforced } = limits
      const argv: [string, ...string[]] = [
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        runner,
        entrypoint,
      ]
      const sandbox = warm.launch(
        { argv, limits: enforced, ...(codeFolder !== undefined && { codeFolder }), ...shown },
        code,
      )
      sandbox.stdin.end(JSON.stringify(invocation))
      return attend(sandbox, { wallMs, outputBytes }, signal, onPrint)
    },
    close: () => warm.close(),
  }
}
