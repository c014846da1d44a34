import { type Log, toAzoraError } from '@azora/base'
import { KeyChain } from '@azora/contracts'
import {
  openCosignedCheckpoint,
  parseCheckpoint,
  parseNote,
  parseWitnessRequest,
  sha256Hex,
  toBase64,
  type Witness,
  type WitnessRequest,
  withSignaturesOf,
} from '@azora/proof'
import type { FindingStore } from './findings.ts'
import { judge } from './judge.ts'
import type { LogState } from './log-state.ts'

/** What a request is answered with. */
export interface Answer {
  status: number
  type: 'text/plain; charset=utf-8' | 'text/x.tlog.size'
  body: string
}

export interface Cosigner {
  /** `POST /add-checkpoint` of C2SP tlog-witness. */
  addCheckpoint(body: string): Promise<Answer>
  /** `POST /azora/log-keys`: how the log came to its newest key. */
  followKeys(chain: unknown): Promise<Answer>
}

export interface CosignerDeps {
  witness: Witness
  logs: readonly LogState[]
  findings: FindingStore
  /** Rejects when another process has the state directory by now. */
  assertAlone: () => Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
  log: Log
}

const WAITING_MAX = 64

const say = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
})

export function createCosigner(deps: CosignerDeps): Cosigner {
  const { witness, findings, log } = deps
  const states = new Map(deps.logs.map((state) => [state.origin, { state, queue: Promise.resolve(), waiting: 0 }]))
  type Slot = typeof states extends Map<string, infer Value> ? Value : never

  /** One request of a log after the other: what was looked at must be what is replaced. */
  async function inTurn(slot: Slot, work: () => Promise<Answer>): Promise<Answer> {
    if (slot.waiting >= WAITING_MAX) return say(503, 'too many requests wait for this log')
    slot.waiting += 1
    const done = slot.queue.then(work).catch((thrown) => {
      log.error({ err: toAzoraError(thrown), origin: slot.state.origin }, 'a request failed')
      return say(500, 'the witness can not keep its state')
    })
    slot.queue = done.then(() => {
      slot.waiting -= 1
    })
    return done
  }

  async function consider(state: LogState, request: WitnessRequest): Promise<Answer> {
    const keys = state.keysAt(deps.now())
    const opened = openCosignedCheckpoint(request.note, { log: keys, witnesses: [] })
    if (!opened) return say(403, 'no key of the log that is trusted signed the checkpoint')
    const { checkpoint, text } = opened
    const seen = state.latest
    const judgement = judge(seen?.checkpoint, checkpoint, request)
    if (judgement.kind === 'stale')
      return { status: 409, type: 'text/x.tlog.size', body: `${seen?.checkpoint.size ?? 0}\n` }
    // Nobody but the log decides what is kept.
    const shown = withSignaturesOf(request.note, keys) ?? text
    if (judgement.kind === 'refuse') {
      const { status, why, finding } = judgement
      log.warn({ origin: state.origin, size: checkpoint.size, status, why }, 'a checkpoint was refused')
      if (finding && seen)
        await findings.keep(
          `${state.id}-${seen.checkpoint.size}-${checkpoint.size}-${sha256Hex(checkpoint.root).slice(0, 16)}`,
          {
            kind: finding,
            origin: state.origin,
            why,
            seen: seen.note,
            shown,
            proof: request.proof.map(toBase64),
          },
        )
      return say(status, why)
    }
    const line = witness.cosign(text, Math.floor(deps.now() / 1_000))
    await deps.assertAlone()
    if (checkpoint.size !== seen?.checkpoint.size) {
      await state.advance(checkpoint, `${shown}${line}`)
      await findings.settle(state.origin)
    }
    return { status: 200, type: 'text/plain; charset=utf-8', body: line }
  }

  return {
    async addCheckpoint(body) {
      const request = parseWitnessRequest(body)
      const checkpoint = request && parseCheckpoint(parseNote(request.note)?.text ?? '')
      if (!request || !checkpoint) return say(400, 'the request is malformed')
      const slot = states.get(checkpoint.origin)
      if (!slot) return say(404, `this witness does not know the log ${checkpoint.origin.slice(0, 200)}`)
      return inTurn(slot, () => consider(slot.state, request))
    },
    async followKeys(given) {
      const chain = KeyChain.safeParse(given)
      const origin = chain.data?.at(-1)?.statement.shard
      if (!chain.success || origin === undefined) return say(400, 'that is no chain of keys')
      const slot = states.get(origin)
      if (!slot) return say(404, `this witness does not know the log ${origin}`)
      return inTurn(slot, async () => {
        await deps.assertAlone()
        const flaw = await slot.state.follow(chain.data)
        if (flaw !== undefined) log.warn({ origin, flaw }, 'a change of the log key was refused')
        return flaw === undefined ? say(200, 'followed') : say(422, flaw)
      })
    },
  }
}
