import 'reflect-metadata'
import { KeyObject, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its key, in PEM. */
export interface Certificate {
  cert: string
  key: string
}

/** An authority that issues certificates, with a key of its own. */
export interface Authority {
  /** Its own certificate, in PEM. */
  pem: string
  /** @param name a host, or a URI such as `node:eu-1`; @param lastsMs may be negative: it has expired then */
  issue(name: { type: 'dns' | 'url'; value: string }, lastsMs?: number): Promise<Certificate>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
const life = (lastsMs: number) => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + lastsMs),
  signingAlgorithm: ALGORITHM,
})

export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys()
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...life(DAY_MS),
    name: `CN=Test authority ${Math.random()}`,
    keys,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  })
  return {
    pem: `${authority.toString('pem')}\n`,
    async issue(name, lastsMs = DAY_MS) {
      const own = await newKeys()
      const certificate = await X509CertificateGenerator.create({
        ...life(lastsMs),
        subject: `CN=${name.value}`,
        issuer: authority.subject,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        extensions: [new SubjectAlternativeNameExtension([name])],
      })
      return {
        key: KeyObject.from(own.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate.toString('pem'),
      }
    },
  }
}
