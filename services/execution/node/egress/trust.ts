import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

/** Where distributions keep the authorities that the sandbox would trust anyway. */
const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']

/** Variables that name a bundle of authorities, by who reads them: OpenSSL, curl, git, Python, Ruby and Go, npm, Deno. */
const BUNDLE_VARIABLES = [
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'NPM_CONFIG_CAFILE',
  'DENO_CERT',
]

/** What a sandbox needs to trust one authority more: files that it may read, and variables that name them. */
export interface Trust {
  read: string[]
  env: Record<string, string>
}

/** @param folder is removed by the caller */
export async function writeTrust(folder: string, certificate: string): Promise<Trust> {
  const own = join(folder, 'ca.pem')
  const bundle = join(folder, 'bundle.pem')
  const system = SYSTEM_BUNDLES.find((path) => existsSync(path))
  const known = system === undefined ? rootCertificates.join('\n') : await readFile(system, 'utf8')
  await writeFile(own, certificate)
  await writeFile(bundle, `${known.trimEnd()}\n${certificate}`)
  const env = Object.fromEntries(BUNDLE_VARIABLES.map((name) => [name, bundle]))
  return { read: [own, bundle], env: { ...env, NODE_EXTRA_CA_CERTS: own } }
}
