import { createPrivateKey, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AzoraError, readOrCreate, writeWhole } from '@azora/base'
import { createWitness, newPrivateKey, parseWitnessKey, type Witness } from '@azora/proof'

export interface KeyOptions {
  state: string
  /** Where the private key is; in the state directory when undefined. */
  keyFile: string | undefined
  /** The witness' name; that of the first start when undefined. */
  name: string | undefined
}

const vkeyFile = (state: string): string => join(state, 'witness.vkey')

/** The witness' own key (Ed25519, PKCS #8 in PEM), made at the first start. Writes its public half beside the state. */
export async function openKey({ state, keyFile, name }: KeyOptions): Promise<Witness> {
  const file = keyFile ?? join(state, 'witness.key')
  const known = existsSync(vkeyFile(state)) ? parseWitnessKey(await readFile(vkeyFile(state), 'utf8')) : undefined
  const wanted = name ?? known?.name ?? `${hostname()}/azora-witness`
  if (/[\s+]/.test(wanted) || wanted === '')
    throw new AzoraError('fix', 'witness_name_malformed', `a witness can't be called "${wanted}"`, {
      remedy: 'Give a name without spaces and "+", such as --name witness.example.org.',
    })
  const witness = createWitness(wanted, privateKeyIn(await readOrCreate(file, newPrivateKey), file))
  if (known && known.text !== witness.key.text)
    throw new AzoraError('conflict', 'witness_key_mismatch', `the state in ${state} is that of ${known.text}`, {
      remedy: 'Use its key and name, or another --state: what one key saw is nothing that another may vouch for.',
    })
  await writeWhole(vkeyFile(state), `${witness.key.text}\n`, 0o644)
  return witness
}

/** The key that the state belongs to, without the private half; undefined when there is none. */
export const knownKey = async (state: string): Promise<string | undefined> =>
  existsSync(vkeyFile(state)) ? (await readFile(vkeyFile(state), 'utf8')).trim() : undefined

function privateKeyIn(pem: string, file: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What it is instead is nobody's business: it may be a secret of another kind.
  }
  throw new AzoraError('fix', 'witness_key_malformed', `${file} holds no Ed25519 private key (PKCS #8 in PEM)`)
}
