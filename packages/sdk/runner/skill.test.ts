import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOG, runRunner } from './testing/process.ts'

const context = {
  runId: '0197a0e0-0000-7000-8000-000000000000',
  stepId: 'say',
  idempotencyKey: 'k',
  workspace: '/workspace',
}
const ECHO = join(CATALOG, 'skills/echo.skill.ts')

const perform = async (input: object, argument = ECHO, env: NodeJS.ProcessEnv = {}) => {
  const ended = await runRunner({ runner: 'skill', argument, stdin: JSON.stringify({ input, context }), env })
  return { ...ended, result: ended.result === '' ? undefined : JSON.parse(ended.result) }
}

describe('the skill runner', () => {
  it('answers with the output on its own channel and leaves the log to the skill', async () => {
    const { status, stdout, result } = await perform({ text: 'hello' })
    expect(result).toEqual({ ok: true, output: { text: 'hello', stepId: 'say', workspace: '/workspace' } })
    expect(stdout).toBe('log: hello\n')
    expect(status).toBe(0)
  })

  it('writes exactly one line', async () => {
    const { result } = await runRunner({
      runner: 'skill',
      argument: ECHO,
      stdin: JSON.stringify({ input: { text: 'a\nb' }, context }),
    })
    expect(result.split('\n')).toHaveLength(2)
    expect(result.endsWith('\n')).toBe(true)
  })

  it.each([
    [{ text: 'x', end: 'foreseen' }, 'no_echo', 'there is no echo here'],
    [{ text: 'x', end: 'unforeseen' }, 'skill_failed', 'the walls are missing'],
    [{ text: 'x', end: 'wrong' }, 'output_invalid', 'extra'],
    [{ text: 7 }, 'input_invalid', 'text'],
    [{ text: 'x', more: 1 }, 'input_invalid', 'more'],
  ])('reports %j as %s', async (input, code, message) => {
    const { status, result } = await perform(input)
    expect(result).toEqual({ ok: false, error: { code, message: expect.stringContaining(message) } })
    expect(status).toBe(0)
  })

  it('keeps the stack of what was not foreseen for the log', async () => {
    const { stderr } = await perform({ text: 'x', end: 'unforeseen' })
    expect(stderr).toMatch(/TypeError: the walls are missing\s+at .*echo\.skill\.ts/)
  })

  it('gives no result when the skill ends its process', async () => {
    const { status, result } = await perform({ text: 'x', end: 'crash' })
    expect({ status, result }).toEqual({ status: 3, result: undefined })
  })

  it('ends although the skill left a timer behind', async () => {
    const { status, result } = await perform({ text: 'x', end: 'lingering' })
    expect(result.ok).toBe(true)
    expect(status).toBe(0)
  })

  it.each(['skills/broken.skill.ts', 'skills/other.skill.ts', 'skills/absent.skill.ts'])(
    'reports that %s is broken',
    async (path) => {
      const { status, result } = await perform({}, join(CATALOG, path))
      expect(result.error.code).toBe('module_broken')
      expect(status).toBe(0)
    },
  )

  it.each(['', 'nonsense', '{"input":{}}', '{"input":[],"context":{}}'])(
    'refuses %j on its standard input',
    async (stdin) => {
      const { result } = await runRunner({ runner: 'skill', argument: ECHO, stdin })
      expect(JSON.parse(result).error.code).toBe('invocation_invalid')
    },
  )

  it('carries HTTP to the proxy behind the Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'egress-'))
    const socket = join(folder, 'egress.sock')
    const proxy = createServer((request, response) => response.end(`asked for ${request.url}`))
    try {
      await new Promise<void>((resolve) => proxy.listen(socket, resolve))
      const fetcher = join(CATALOG, 'skills/nested/fetch.skill.ts')
      const { result } = await perform({ url: 'http://example.org/a' }, fetcher, { AZORA_EGRESS_SOCKET: socket })
      expect(result).toEqual({ ok: true, output: { status: 200, body: 'asked for http://example.org/a' } })
    } finally {
      proxy.close()
      await rm(folder, { recursive: true })
    }
  })

  it('fails, and does not hang, when nobody is behind the socket', async () => {
    const fetcher = join(CATALOG, 'skills/nested/fetch.skill.ts')
    const { result } = await perform({ url: 'http://example.org/' }, fetcher, {
      AZORA_EGRESS_SOCKET: '/nonexistent.sock',
    })
    expect(result.error.code).toBe('skill_failed')
  })
})
