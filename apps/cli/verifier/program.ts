// The entry of the single file that `azora audit verifier` writes. In a browser it is a module, under Node a program too.
import type { EvidenceReport, VerifyOptions } from '@azora/evidence'
import { OptionError, verifyEvidence } from '@azora/evidence'

export { verifyEvidence }

const USAGE = `Checks an evidence bundle of Azora, offline.

  node azora-verify.mjs FILE [--trusted-key KEY] [--owner-key KEY]… [--witness KEY]… [--witness-policy FILE] [--json]

A KEY is a verifier key (name+0a1b2c3d+base64) or @FILE with one. Exit codes: 0 verified, 2 wrong use, 7 not verified.`

const EXIT = { ok: 0, usage: 2, unverified: 7 }

/** What is printed for people. */
function textOf({ checks, verified, notProved, about }: EvidenceReport): string {
  return [
    ...(about ? [`run ${about.runId}: ${about.entries} entries from ${about.from} to ${about.to}`] : []),
    ...checks.map(({ ok, what, flaw }) => (ok ? `ok   ${what}` : `FAIL ${what}: ${flaw}`)),
    ...(verified ? notProved.map((text) => `     not proved: ${text}`) : []),
    verified ? 'the evidence verifies' : 'the evidence does not verify',
  ]
    .map((line) => line.replaceAll(/[^\P{C}]/gu, '?'))
    .join('\n')
}

async function main(args: string[]): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const { parseArgs } = await import('node:util')
  const textIn = async (given: string): Promise<string> =>
    given.startsWith('@') ? (await readFile(given.slice(1), 'utf8')).trim() : given
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'trusted-key': { type: 'string' },
        'owner-key': { type: 'string', multiple: true },
        witness: { type: 'string', multiple: true },
        'witness-policy': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const [file] = positionals
    if (values.help || file === undefined || positionals.length > 1) {
      console.error(USAGE)
      return values.help ? EXIT.ok : EXIT.usage
    }
    const all = (given: string[] | undefined) => given && Promise.all(given.map(textIn))
    const witnesses = await all(values.witness)
    const options: VerifyOptions = {
      trustedKey: values['trusted-key'] && (await textIn(values['trusted-key'])),
      ownerKeys: await all(values['owner-key']),
      witnesses: witnesses && { keys: witnesses },
      witnessPolicy: values['witness-policy'] && (await readFile(values['witness-policy'], 'utf8')),
    }
    const report = verifyEvidence(await readFile(file), options)
    console.log(values.json ? JSON.stringify({ file, ...report }) : textOf(report))
    return report.verified ? EXIT.ok : EXIT.unverified
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    console.error(thrown instanceof OptionError ? thrown.message : `${thrown.message}\n\n${USAGE}`)
    return EXIT.usage
  }
}

/** True when this file was started, and not imported. */
async function isProgram(): Promise<boolean> {
  const [, started] = globalThis.process?.argv ?? []
  if (started === undefined) return false
  const { realpath } = await import('node:fs/promises')
  const { pathToFileURL } = await import('node:url')
  return pathToFileURL(await realpath(started).catch(() => started)).href === import.meta.url
}

if (await isProgram()) process.exitCode = await main(process.argv.slice(2))
