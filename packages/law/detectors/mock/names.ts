/** The words in a name: `fetchUserById` and `fetch_user_by_id` are `fetch user by id`. */
export const wordsOf = (name: string): string[] =>
  name
    .slice(0, 200)
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean)

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Verbs that promise something from elsewhere. */
const FETCHES =
  words(`fetch load download query search lookup retrieve request scrape crawl poll pull receive sync import
  find list read`)

/** Verbs that promise work on what is given. */
const WORKS =
  words(`get calculate calc compute estimate predict evaluate measure analyze analyse classify detect recommend
  rank score forecast process send submit post publish upload save store persist write insert update delete remove cancel
  create charge pay refund transfer verify validate check authenticate authorize authorise login sign encrypt decrypt hash
  parse convert translate summarize summarise generate render export restore backup migrate reindex index build deploy run
  execute schedule book reserve notify email ship track scan train optimize optimise resolve match merge transform extract
  compress decode encode geocode reconcile approve register subscribe archive invoice purchase order audit count sum
  average collect aggregate compare test benchmark apply handle purge clean reset transcribe deliver dispatch push broadcast
  forward replicate provision settle capture debit credit deposit withdraw revoke renew quarantine sanitize sanitise
  redact anonymize anonymise inspect diagnose moderate segment recognize recognise transcode simulate solve infer
  reconstruct deduplicate normalize normalise enrich ping probe`)

const QUIET =
  words(`noop nop identity default on handle before after will did setup teardown close dispose destroy flush
  log debug trace warn visit enter leave pre post init initialize initialise configure start stop mount unmount reset`)

/** Verbs whose work is seen elsewhere, so that it can't be done by printing. */
const DELIVERS =
  words(`send submit publish upload save store persist charge pay refund transfer email ship deploy delete remove
  insert cancel book reserve order purchase register subscribe deliver dispatch push broadcast forward transmit notify
  transfer settle capture debit credit deposit withdraw revoke backup restore`)

export const delivers = (name: string): boolean => DELIVERS.has(wordsOf(name)[0] ?? '')
export const fetches = (name: string): boolean => FETCHES.has(wordsOf(name)[0] ?? '')
export const promisesWork = (name: string): boolean => fetches(name) || WORKS.has(wordsOf(name)[0] ?? '')
/** Names of hooks and callbacks, which may do nothing. */
export const mayBeQuiet = (name: string): boolean =>
  name === '' || QUIET.has(wordsOf(name)[0] ?? '') || wordsOf(name).includes('noop')

const RANDOM =
  words(`random rand shuffle sample roll dice jitter id ids uuid guid token nonce color colour noise delay backoff pick
  choose seed simulate simulation monte carlo mutate perturb initial init weights key salt password otp code bootstrap spread
  particle confetti game spawn`)
const MEASURE =
  words(`rate score accuracy price balance temperature latency confidence probability risk total revenue count metric
  metrics stats statistics usage load quality similarity sentiment forecast prediction distance speed humidity rating
  performance health precision recall loss`)

/** Whether a random result would pass for a measured one. */
export function promisesMeasure(name: string): boolean {
  const all = wordsOf(name)
  if (all.some((word) => RANDOM.has(word))) return false
  return (promisesWork(name) && !/^(create|generate|build)/.test(all[0] ?? '')) || all.some((word) => MEASURE.has(word))
}

const DOUBLE = words('mock mocked fake stub stubbed dummy')

/** Whether a class by this name stands in for a real one: `MockGateway`, `GatewayStub`. */
export function isDouble(name: string): boolean {
  const last = name.replace(/^.*\./, '')
  const all = wordsOf(last)
  return /^[A-Z]/.test(last) && all.length > 0 && (DOUBLE.has(all[0] ?? '') || DOUBLE.has(all.at(-1) ?? ''))
}

/** Whether a variable by this name turns made-up data on: `USE_MOCK`, `mockMode`, `useFakeData`. */
export function isMockSwitch(name: string): boolean {
  const all = wordsOf(name)
  const at = all.findIndex((word) => /^(mock|mocks|fake|fakes|dummy|stub|stubs)$/.test(word))
  if (at < 0) return false
  const before = all
    .slice(0, at)
    .every((word) => /^(use|using|enable|enabled|with|is|should|force|vite|next|public|react|app|env)$/.test(word))
  const after = all
    .slice(at + 1)
    .every((word) =>
      /^(data|api|apis|mode|enabled|service|services|server|backend|client|response|responses|only|on|payments|payment|results|db)$/.test(
        word,
      ),
    )
  return before && after && all.length > 1
}
