import type http from 'node:http'
import http2 from 'node:http2'
import type https from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Log, toAzoraError } from '@azora/base'
import { HTTP2_OPTIONS, tendConnections } from '../http/http2.ts'
import { REQUEST_MS_MAX } from '../http/receiving.ts'
import { readTlsMaterial, type TlsFiles, type TlsMaterial } from './material.ts'

/** Where others than this machine's programs connect, over TLS. */
export interface TlsListener {
  /** Such as `https://azora.example:7420`, by the name that its certificate is for. */
  readonly origin: string
  /** Hands what arrives to the server; until then everybody is told that it starts. */
  serve(server: http.Server): void
  /** Reads the files again, as after a renewal. Keeps what it has when they don't fit. */
  reload(): Promise<void>
  stop(): void
}

/** Certificates are renewed under a running server; those of the files hold at the latest after this. */
const RELOAD_MS = 60_000
/** Node hands them on to its HTTP/1.1, though the type doesn't say so. */
const HTTP1_OPTIONS: object = { requestTimeout: REQUEST_MS_MAX }
const EVENTS = ['request', 'upgrade', 'clientError'] as const

/**
 * Listens with TLS 1.3. Whoever shows a certificate must show one of the given authorities; who needs to is decided by
 * request. Rejects with `tls_unusable`, or with what hinders listening.
 */
export async function openTlsListener(
  files: TlsFiles,
  address: { host: string; port: number },
  log: Log,
): Promise<TlsListener> {
  const material = await readTlsMaterial(files, Date.now())
  const asks = material.clientCa !== undefined
  const secure = http2.createSecureServer({
    ...HTTP2_OPTIONS,
    ...contextOf(material),
    // Browsers and gRPC agree upon HTTP/2 (ALPN, RFC 7301); nodes and older clients come by HTTP/1.1.
    allowHTTP1: true,
    minVersion: 'TLSv1.3',
    ...HTTP1_OPTIONS,
    requestCert: asks,
    // Whether one is needed depends on who calls, which is known later; a bad one is refused then.
    rejectUnauthorized: false,
  })
  const closeConnections = tendConnections(secure)
  const tellStarting = (_request: unknown, response: http2.Http2ServerResponse): void => {
    response.writeHead(503, { 'retry-after': '1' }).end()
  }
  secure.on('request', tellStarting)
  await new Promise<void>((resolve, reject) => {
    secure.once('error', reject)
    secure.listen(address, resolve)
  })
  const { port } = secure.address() as AddressInfo

  async function reload(): Promise<void> {
    try {
      secure.setSecureContext(contextOf(await readTlsMaterial(files, Date.now())))
    } catch (thrown) {
      log.error({ err: toAzoraError(thrown) }, 'the certificate could not be read again; the old one is kept')
    }
  }
  const timer = setInterval(() => void reload(), RELOAD_MS).unref()

  return {
    origin: `https://${material.host ?? address.host}:${port}`,
    serve(server) {
      secure.off('request', tellStarting)
      for (const event of EVENTS) secure.on(event, (...given: unknown[]) => server.emit(event, ...given))
    },
    reload,
    stop() {
      clearInterval(timer)
      secure.close()
      closeConnections()
    },
  }
}

const contextOf = ({ cert, key, clientCa }: TlsMaterial): https.ServerOptions => ({
  cert,
  key,
  ...(clientCa !== undefined && { ca: clientCa }),
})
