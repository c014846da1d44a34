import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { AbsolutePath, Host, type Json, JsonObject, RetryPolicy, RunId, type Scope, SecretName } from '@azora/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { usageError } from './exit.ts'
import { unreadable } from './files.ts'

/** Options that say what an agent or a skill gets and may touch. */
export interface InputOptions {
  input?: string
  set?: string[]
  read?: string[]
  write?: string[]
  host?: string[]
  secret?: string[]
}

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value]

/** Adds `--input`, `-i`, `--read`, `--write`, `--host` and `--secret`. */
export const withInputOptions = (command: Command): Command =>
  command
    .option('--input <json>', 'input as a JSON object, @file or @- for standard input')
    .option('-i, --set <key=value>', 'one value of the input; JSON where it parses, else text (repeatable)', collect)
    .option('--read <path>', 'path that may be read (repeatable)', collect)
    .option('--write <path>', 'path that may be read and written (repeatable)', collect)
    .option('--host <host>', 'host or host:port that may be reached (repeatable)', collect)
    .option('--secret <name>', 'secret that may be leased (repeatable)', collect)

/** The input: `--input` with the values of `-i` on top. */
export async function inputOf(options: InputOptions): Promise<JsonObject> {
  const base = options.input === undefined ? {} : objectIn(await sourceOf(options.input))
  const values = (options.set ?? []).map((assignment) => assigned(assignment))
  return { ...base, ...Object.fromEntries(values) }
}

/** A JSON object given as it is or as @file. */
export const jsonInput = async (given: string): Promise<JsonObject> => objectIn(await sourceOf(given))

/** Any JSON value given as it is or as @file. */
export async function jsonValue(given: string): Promise<Json> {
  const value = jsonIn(await sourceOf(given))
  if (value !== undefined) return value
  throw usageError('the value of --input is no JSON', 'Quote a text twice, as in --input \'"yes"\'.')
}

async function sourceOf(input: string): Promise<string> {
  if (!input.startsWith('@')) return input
  if (input === '@-') return text(process.stdin)
  const file = input.slice(1)
  return readFile(file, 'utf8').catch((thrown) => {
    throw unreadable(file, thrown)
  })
}

function objectIn(source: string): JsonObject {
  const parsed = JsonObject.safeParse(jsonIn(source))
  if (parsed.success) return parsed.data
  throw usageError(
    'the input is not a JSON object',
    'Give it like --input \'{"repository": "/srv/app"}\' or --input @file.json.',
  )
}

/** Undefined for what is no JSON. */
export function jsonIn(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json
  } catch {
    return undefined
  }
}

function assigned(assignment: string): [string, Json] {
  const at = assignment.indexOf('=')
  if (at < 1) throw usageError(`-i ${assignment} has no value`, 'Write it as -i key=value.')
  const source = assignment.slice(at + 1)
  return [assignment.slice(0, at), jsonIn(source) ?? (source === 'null' ? null : source)]
}

export function scopeOf(options: InputOptions): Scope {
  return {
    read: (options.read ?? []).map(absolutePath),
    write: (options.write ?? []).map(absolutePath),
    hosts: (options.host ?? []).map(host),
    ...(options.secret && { secrets: options.secret.map(secretName) }),
  }
}

function absolutePath(path: string): string {
  const parsed = AbsolutePath.safeParse(resolve(path))
  if (parsed.success) return parsed.data
  throw usageError(`${path} can't be used as a path`)
}

function host(name: string): string {
  const parsed = Host.safeParse(name.toLowerCase())
  if (parsed.success) return parsed.data
  throw usageError(`${name} is not a host`, 'Write it as host or host:port, without a scheme.')
}

function secretName(name: string): string {
  const parsed = SecretName.safeParse(name)
  if (parsed.success) return parsed.data
  throw usageError(`${name} is not the name of a secret`, 'Names are shown by azora secret list.')
}

/** A retry policy: a number of attempts, or JSON. */
export function retryOf(given: string): RetryPolicy {
  const value = jsonIn(given)
  const parsed = RetryPolicy.safeParse(typeof value === 'number' ? { attempts: value } : value)
  if (parsed.success) return parsed.data
  throw usageError(
    `--retry ${given} is no retry policy: ${z.prettifyError(parsed.error)}`,
    'Give it like --retry 5 or --retry \'{"attempts": 5, "retryable": ["busy"]}\'.',
  )
}

export function runIdOf(given: string): string {
  const parsed = RunId.safeParse(given)
  if (parsed.success) return parsed.data
  throw usageError(`${given} is not a run id`, 'Ids are shown by azora run list.')
}

export function reviewIdOf(given: string): string {
  if (z.uuid().safeParse(given).success) return given
  throw usageError(`${given} is not a review id`, 'Ids are shown by azora review list.')
}

/** A whole number from `least`, which is 0 when absent, to `most`. */
export function countOf(given: string, name: string, most: number, least = 0): number {
  const count = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN
  if (count >= least && count <= most) return count
  throw usageError(`${name} must be a whole number from ${least} to ${most}, not ${given}`)
}
