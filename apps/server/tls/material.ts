import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AzoraError } from '@azora/base'

/** Files in PEM. */
export interface TlsFiles {
  /** The certificate, and after it those that lead from it to its authority. */
  cert: string
  key: string
  /** Authorities whose certificates callers may show; nobody is asked for one when absent. */
  clientCa?: string | undefined
}

/** What the files hold, checked. */
export interface TlsMaterial {
  cert: string
  key: string
  clientCa?: string
  /** The first host that the certificate is for and that is no pattern. */
  host: string | undefined
}

/** Reads a certificate and its key. Throws `tls_unusable`, with what is wrong and in which file. */
export async function readTlsMaterial(files: TlsFiles, nowMs: number): Promise<TlsMaterial> {
  const [cert, key, clientCa] = await Promise.all([
    textOf(files.cert),
    textOf(files.key),
    files.clientCa === undefined ? undefined : textOf(files.clientCa),
  ])
  const certificate = certificateIn(files.cert, cert)
  if (!certificate.checkPrivateKey(privateKeyIn(files.key, key)))
    throw unusable(`the key in ${files.key} does not belong to the certificate in ${files.cert}`)
  assertInForce(files.cert, certificate, nowMs)
  if (files.clientCa !== undefined && !certificateIn(files.clientCa, clientCa ?? '').ca)
    throw unusable(`the certificate in ${files.clientCa} is not that of an authority`)
  return { cert, key, ...(clientCa !== undefined && { clientCa }), host: hostOf(certificate) }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw unusable(`${file} can't be read: ${(thrown as NodeJS.ErrnoException).code}`, thrown)
  }
}

function certificateIn(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (thrown) {
    throw unusable(`${file} holds no certificate in PEM`, thrown)
  }
}

function privateKeyIn(file: string, pem: string) {
  try {
    return createPrivateKey(pem)
  } catch (thrown) {
    throw unusable(`${file} holds no private key in PEM that can be read without a passphrase`, thrown)
  }
}

function assertInForce(file: string, { validFrom, validTo }: X509Certificate, nowMs: number): void {
  if (nowMs > Date.parse(validTo)) throw unusable(`the certificate in ${file} has expired: ${validTo}`)
  if (nowMs < Date.parse(validFrom)) throw unusable(`the certificate in ${file} is not valid before ${validFrom}`)
}

function hostOf({ subjectAltName }: X509Certificate): string | undefined {
  const names = (subjectAltName ?? '').split(', ')
  const named = (kind: string): string | undefined =>
    names.find((name) => name.startsWith(kind) && !name.includes('*'))?.slice(kind.length)
  const address = named('IP Address:')
  return named('DNS:') ?? (address?.includes(':') ? `[${address}]` : address)
}

const unusable = (message: string, cause?: unknown): AzoraError =>
  new AzoraError('fix', 'tls_unusable', message, {
    remedy: 'Name a certificate in PEM and its key with --tls-cert and --tls-key.',
    cause,
  })
