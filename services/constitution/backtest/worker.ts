import { parentPort, workerData } from 'node:worker_threads'
import { toAzoraError } from '@azora/base'
import { enact, lawFilesOf } from '@azora/law'
import type { BacktestJob, FromWorker, ToWorker } from './protocol.ts'
import { createRejudge } from './rejudge.ts'

const { files, environment, examples } = workerData as BacktestJob
const tell = (message: FromWorker): void => parentPort?.postMessage(message)

try {
  // The thread has a Cedar of its own: what the draft leaves there ends with it.
  const draft = enact(lawFilesOf(files), environment)
  const rejudge = createRejudge(draft, examples)
  parentPort?.on('message', (message: ToWorker) => {
    if (message === 'end') {
      tell({ type: 'result', result: { draft: draft.digest, ...rejudge.result() } })
      return
    }
    for (const entry of message) rejudge.take(entry)
    tell({ type: 'judged', judged: rejudge.judged() })
  })
  tell({ type: 'ready' })
} catch (thrown) {
  const { code, message } = toAzoraError(thrown)
  tell({ type: 'refused', code, message })
}
