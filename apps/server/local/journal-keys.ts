import { createPrivateKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { move, readOrCreate, SECRET_MODE, writeWhole } from '@azora/base'
import type { KeyStore } from '@azora/journal'
import { createSigner, newPrivateKey, type Signer } from '@azora/proof'

/** What the store does to files, in order; a test ends between any two of them. */
export interface FileSteps {
  write(file: string, text: string, mode: number): Promise<void>
  move(from: string, to: string): Promise<void>
  remove(file: string): Promise<void>
}

const STEPS: FileSteps = { write: writeWhole, move, remove: (file) => rm(file, { force: true }) }

/**
 * The journal's private keys in the folder `keys`: `journal.key` signs, `journal.next.key` is to come next, and
 * `journal.previous.key` signs beside its successor for the overlap. `journal.vkey` is the public half of the first,
 * for nodes.
 *
 * A private key is only ever overwritten or removed when the journal doesn't need it any more, as its record says: what
 * a crash leaves behind is put in order by the next `settle`.
 *
 * @param shard the name under which the keys sign
 */
export async function openJournalKeys(
  folder: string,
  shard: string,
  steps: FileSteps = STEPS,
): Promise<{ signer: Signer; store: KeyStore }> {
  const files = {
    key: join(folder, 'journal.key'),
    next: join(folder, 'journal.next.key'),
    previous: join(folder, 'journal.previous.key'),
    public: join(folder, 'journal.vkey'),
  }
  // A draft that was never moved into place may hold a key that is to be forgotten.
  for (const name of await readdir(folder)) if (/^journal\..*\.new$/.test(name)) await steps.remove(join(folder, name))
  await readOrCreate(files.key, newPrivateKey)
  const signerIn = async (file: string): Promise<Signer | undefined> =>
    existsSync(file) ? createSigner(shard, createPrivateKey(await readFile(file, 'utf8'))) : undefined
  const read = async () => ({
    key: await signerIn(files.key),
    next: await signerIn(files.next),
    previous: await signerIn(files.previous),
  })
  const atStart = await read()
  const signer = atStart.key ?? createSigner(shard, createPrivateKey(await readFile(files.key, 'utf8')))
  await steps.write(files.public, `${signer.verifier.text}\n`, 0o644)

  const store: KeyStore = {
    signers: () => [atStart.key, atStart.next, atStart.previous].filter((held) => held !== undefined),
    async stage() {
      if (!existsSync(files.next)) await steps.write(files.next, newPrivateKey(), SECRET_MODE)
      return createSigner(shard, createPrivateKey(await readFile(files.next, 'utf8')))
    },
    async settle(active, retiring) {
      const held = await read()
      const is = (one: Signer | undefined, key: { text: string } | undefined): boolean =>
        one !== undefined && one.verifier.text === key?.text
      if (is(held.next, active)) {
        if (is(held.key, retiring)) await steps.write(files.previous, await readFile(files.key, 'utf8'), SECRET_MODE)
        await steps.move(files.next, files.key)
      } else if (held.next) await steps.remove(files.next)
      if (held.previous && !is(held.previous, retiring)) await steps.remove(files.previous)
      await steps.write(files.public, `${active.text}\n`, 0o644)
    },
  }
  return { signer, store }
}
