import 'reflect-metadata'
import { KeyObject, webcrypto } from 'node:crypto'
import { once } from 'node:events'
import type http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A real HTTPS server on `localhost`, with an authority of its own. */
export interface TlsServer {
  /** `localhost:PORT` */
  host: string
  port: number
  /** Certificate of its authority, in PEM. */
  authority: string
  /** Requests that arrived, as they were. */
  seen: http.IncomingMessage[]
  close(): void
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

/** @param name the host that its certificate is for */
export async function startTlsServer(listener: http.RequestListener, name = 'localhost'): Promise<TlsServer> {
  const { key, cert, authority } = await certificateFor(name)
  const seen: http.IncomingMessage[] = []
  const server = https.createServer({ key, cert }, (request, response) => {
    seen.push(request)
    listener(request, response)
  })
  server.on('upgrade', (request, socket) => {
    seen.push(request)
    socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    host: `localhost:${port}`,
    port,
    authority,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function certificateFor(name: string): Promise<{ key: string; cert: string; authority: string }> {
  const [root, own] = [await newKeys(), await newKeys()]
  const life = {
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: ALGORITHM,
  }
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...life,
    name: `CN=Test authority ${Math.random()}`,
    keys: root,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  })
  const certificate = await X509CertificateGenerator.create({
    ...life,
    subject: `CN=${name}`,
    issuer: authority.subject,
    signingKey: root.privateKey,
    publicKey: own.publicKey,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  })
  return {
    key: KeyObject.from(own.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate.toString('pem'),
    authority: `${authority.toString('pem')}\n`,
  }
}
