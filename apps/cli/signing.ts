import { createPrivateKey } from 'node:crypto'
import { open, readFile, unlink, writeFile } from 'node:fs/promises'
import { IdentityFile, OWNER_KEY_NAME } from '@azora/contracts'
import { createSigner, type Signer } from '@azora/proof'
import { ownerKeyFile } from '@azora/sdk/client'
import { CliError, EXIT } from './exit.ts'
import { jsonIn } from './inputs.ts'
import { type Login, signingKeyFile } from './login-file.ts'

export interface SigningIdentity {
  principal: string
  signer: Signer
}

export async function readIdentity(file: string): Promise<IdentityFile> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw unreadable(file, error.message)
  })
  const parsed = IdentityFile.safeParse(jsonIn(text))
  if (parsed.success) return parsed.data
  throw unreadable(file, 'it is no identity file')
}

/** Fails when the file exists: a key that is overwritten can't be had again. */
export const writeIdentity = (file: string, identity: IdentityFile): Promise<void> =>
  writeFile(file, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600, flag: 'wx' })

/** False when the file is there already, which is left as it is. */
export const writeKey = (file: string, pem: string): Promise<boolean> =>
  writeFile(file, pem, { mode: 0o600, flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )

/** Takes the file's place before there is anything to write, so that what is made in between is not lost for want of it. */
export async function reserveIdentity(
  file: string,
): Promise<{ write(identity: IdentityFile): Promise<void>; giveUp(): Promise<void> }> {
  const handle = await open(file, 'wx', 0o600)
  return {
    async write(identity) {
      await handle.writeFile(`${JSON.stringify(identity, null, 2)}\n`)
      await handle.close()
    },
    async giveUp() {
      await handle.close()
      await unlink(file)
    },
  }
}

export const signerOf = ({ principal, key }: IdentityFile): SigningIdentity => ({
  principal,
  signer: createSigner(`azora/${principal}`, privateKeyOf(key, 'the identity file')),
})

/** The owner of the instance whose data directory this is. */
export const ownerSigner = (dataDir: string): Promise<SigningIdentity> => ownerSignerIn(ownerKeyFile(dataDir))

/** @param file with the owner's private key (Ed25519, as PKCS #8 in PEM) */
export async function ownerSignerIn(file: string): Promise<SigningIdentity> {
  const pem = await readFile(file, 'utf8').catch(() => undefined)
  if (pem !== undefined)
    return { principal: 'user:owner', signer: createSigner(OWNER_KEY_NAME, privateKeyOf(pem, file)) }
  throw new CliError(
    EXIT.unauthorized,
    'no_key',
    `there is no key to sign with: ${file} can't be read`,
    'Run the command as the user who started the server, or give an identity file with --identity.',
  )
}

/** Whoever is signed in. Rejects when they have added no key from here. */
export async function loginSigner(env: NodeJS.ProcessEnv, login: Login): Promise<SigningIdentity> {
  const file = signingKeyFile(env, login)
  const pem = await readFile(file, 'utf8').catch(() => undefined)
  if (pem !== undefined)
    return { principal: login.principal, signer: createSigner(`azora/${login.principal}`, privateKeyOf(pem, file)) }
  throw new CliError(
    EXIT.unauthorized,
    'no_key',
    `there is no key here that ${login.principal} signs with: ${file} can't be read`,
    'Add one: azora identity add-key. If you have one elsewhere, give its identity file with --identity.',
  )
}

function privateKeyOf(pem: string, where: string) {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What is no key and what is a key of another kind can both not sign.
  }
  throw new CliError(EXIT.usage, 'key_malformed', `${where} holds no Ed25519 key`, 'Give the file that azora made.')
}

const unreadable = (file: string, why: string): CliError =>
  new CliError(
    EXIT.usage,
    'identity_unreadable',
    `${file} can't be used: ${why}`,
    'azora identity add makes such a file.',
  )
