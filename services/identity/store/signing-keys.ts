import type { Db } from '@azora/base/db'

export interface SigningKeyRow {
  kid: string
  /** The public key: 32 bytes in base64url (RFC 8037, `x`). */
  x: string
  /** The private key's seed, wrapped. */
  wrapped: Buffer
  signsFrom: Date
  /** Null as long as it may sign. */
  verifiesUntil: Date | null
}

export interface SigningKeyStore {
  /** The keys whose signatures are accepted, the newest first. */
  list(nowMs: number): Promise<SigningKeyRow[]>
  /** Adds one, and lets the others verify until then; does nothing when another server has added one since `newest`. */
  add(row: SigningKeyRow, others: { newest: string | undefined; verifyUntilMs: number }): Promise<void>
}

const COLUMNS = 'kid, public_x as x, wrapped, signs_from as "signsFrom", verifies_until as "verifiesUntil"'

export function createSigningKeyStore(db: Db): SigningKeyStore {
  return {
    async list(nowMs) {
      const { rows } = await db.query<SigningKeyRow>(
        `select ${COLUMNS} from identity.signing_key where verifies_until is null or verifies_until > $1
         order by signs_from desc, kid`,
        [new Date(nowMs)],
      )
      return rows
    },
    async add({ kid, x, wrapped, signsFrom }, { newest, verifyUntilMs }) {
      await db.transaction(async (tx) => {
        await tx.query('lock table identity.signing_key in exclusive mode')
        const { rows } = await tx.query<{ kid: string }>(
          'select kid from identity.signing_key where verifies_until is null order by signs_from desc, kid limit 1',
        )
        if (rows[0]?.kid !== newest) return
        await tx.query(
          'update identity.signing_key set verifies_until = $1 where verifies_until is null or verifies_until > $1',
          [new Date(verifyUntilMs)],
        )
        await tx.query(
          'insert into identity.signing_key (kid, public_x, wrapped, signs_from) values ($1, $2, $3, $4)',
          [kid, x, wrapped, signsFrom],
        )
      })
    },
  }
}
