import 'reflect-metadata'
import { KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** An authority for certificates that lives as long as one action; only that action's sandbox trusts it. */
export interface Authority {
  /** Its certificate, in PEM. */
  readonly certificate: string
  /** What a server needs to be taken for the host. */
  contextFor(host: string): Promise<SecureContext>
}

const SIGNING = { name: 'ECDSA', hash: 'SHA-256' }
const EARLIER_MS = 3_600_000
const LIFE_MS = 24 * 3_600_000

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])

const pemOf = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys()
  const notBefore = new Date(Date.now() - EARLIER_MS)
  const life = { notBefore, notAfter: new Date(Date.now() + LIFE_MS), signingAlgorithm: SIGNING }
  const name = `CN=Azora action ${randomBytes(8).toString('hex')}`
  const root = await X509CertificateGenerator.createSelfSigned({
    ...life,
    serialNumber: randomBytes(15).toString('hex'),
    name,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  const contexts = new Map<string, Promise<SecureContext>>()

  async function makeContext(host: string): Promise<SecureContext> {
    const own = await newKeys()
    const certificate: X509Certificate = await X509CertificateGenerator.create({
      ...life,
      serialNumber: randomBytes(15).toString('hex'),
      subject: 'CN=azora',
      issuer: root.subject,
      signingKey: keys.privateKey,
      publicKey: own.publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }]),
      ],
    })
    return createSecureContext({ key: pemOf(own.privateKey), cert: certificate.toString('pem'), minVersion: 'TLSv1.2' })
  }

  return {
    certificate: `${root.toString('pem')}\n`,
    contextFor(host) {
      const context = contexts.get(host) ?? makeContext(host)
      contexts.set(host, context)
      return context
    },
  }
}
