import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { AzoraError } from '@azora/base'
import { ARTIFACT_BYTES_MAX } from '@azora/contracts'

/** Passes content on as long as it can still be what it is said to be, and fails at its end when it isn't. */
export function checked(digest: string, bytes: number): Transform {
  const hash = createHash('sha256')
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > bytes) return done(mismatch(`it has more than ${bytes} bytes`))
      hash.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      if (seen !== bytes) done(mismatch(`it has ${seen} bytes, not ${bytes}`))
      else if (hash.digest('hex') !== digest) done(mismatch('its content has another digest'))
      else done()
    },
  })
}

/** Throws `artifact_too_large`. */
export function assertSize(bytes: number): void {
  if (bytes <= ARTIFACT_BYTES_MAX) return
  throw new AzoraError('fix', 'artifact_too_large', `an artifact holds at most ${ARTIFACT_BYTES_MAX} bytes`, {
    remedy: 'Split it, or keep it in the workspace.',
  })
}

const mismatch = (why: string): AzoraError =>
  new AzoraError('fix', 'artifact_mismatch', `the artifact is not what it is said to be: ${why}`)
