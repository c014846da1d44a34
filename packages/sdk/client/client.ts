import { adminMethods } from './admin.ts'
import { type Api, createApi } from './api.ts'
import { journalMethods } from './journal.ts'
import { runMethods } from './runs.ts'
import { signInMethods } from './sign-in.ts'
import { createTransport, type TransportOptions } from './transport.ts'

export type ClientOptions = TransportOptions

/** Every operation of the contract, and shorter ways to the common ones. Methods reject with the errors of {@link Api}. */
export type Client = { readonly api: Api } & ReturnType<typeof runMethods> &
  ReturnType<typeof adminMethods> &
  ReturnType<typeof journalMethods> &
  ReturnType<typeof signInMethods>

/** A client of Azora's HTTP API. Safe requests are repeated a few times while the server is away or busy. */
export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options)
  const api = createApi(transport)
  return {
    api,
    ...runMethods(transport, api),
    ...adminMethods(transport, api),
    ...journalMethods(transport, api),
    ...signInMethods(api),
  }
}
