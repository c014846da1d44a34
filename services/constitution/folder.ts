import { toAzoraError } from '@azora/base'
import { digestOfLaw, readConstitution, readLaw } from '@azora/law'

/** What the folder of the installation holds beside the law in force. */
export interface Folder {
  /** Everything in it. Throws `law_unreadable`. */
  read: () => ReturnType<typeof readConstitution>
  /** How it differs from the law in force, and what to do about it; undefined when it doesn't. */
  differenceFrom(digest: string | null): Promise<string | undefined>
}

export const openFolder = (path: string): Folder => ({
  read: () => readConstitution(path),
  async differenceFrom(digest) {
    try {
      const found = digestOfLaw(await readLaw(path))
      if (found === digest) return undefined
      return `${path} holds another law (${found.slice(0, 16)}…); put it in force: azora constitution activate ${path}`
    } catch (thrown) {
      return `${path} holds no readable law: ${toAzoraError(thrown).message}`
    }
  },
})
