import { createRequire } from 'node:module'

type IbanTools = Pick<typeof import('ibantools'), 'getCountrySpecifications' | 'isValidIBAN'>

let loaded: IbanTools | undefined
/** Loaded at the first candidate, since most runs never see one. */
const library = (): IbanTools => {
  loaded ??= createRequire(import.meta.url)('ibantools') as IbanTools
  return loaded
}

const CANDIDATE = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-.\n\r]{0,2}[A-Za-z0-9]){11,30}/g

/** True for an IBAN (ISO 13616) that has its country's form and passes its check digits. */
export function holdsIban(text: string): boolean {
  for (const [candidate] of text.matchAll(CANDIDATE)) {
    const compact = candidate.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()
    const length = library().getCountrySpecifications()[compact.slice(0, 2)]?.chars
    if (length && compact.length >= length && library().isValidIBAN(compact.slice(0, length))) return true
  }
  return false
}
