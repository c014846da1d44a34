import { type Effect, isStateful } from '@azora/contracts'
import type { Text } from '../../facts/subject.ts'
import type { ActionSubject } from '../detector.ts'
import type { Load, Reach } from './reach.ts'
import { bareTarget, scpTarget, type Target, urlTarget } from './targets.ts'

/** Members that make somebody else send something there, however deep they lie. */
const ACTIVE =
  /^(?:\w*web_?hooks?(?:_?ur[li])?|\w*call_?backs?(?:_?ur[li])?|\w*(?:notify|notification|report|push|upload|forward|export|publish|post|ping|relay|drain|sink|mirror|proxy|registry|remote|index|log|logging|telemetry|subscriber|listener|exfil|destination|dest|target|endpoint|delivery|receiver|hook)_?(?:ur[li]|to|server|endpoint|host|address)|(?:proxy|https?_proxy|registry|remote|endpoint|destination|sink|beacon|mirror|upstream|forward_?to|push_?to|send_?to|upload_?to))$/i
/** Members that name where the action itself goes, next to the root. */
const OWN =
  /^(?:ur[li]|base_?ur[li]|api_?ur[li]|address|host|hostname|server|origin|repository|repo|repository_?url|git_?url|clone_?url|target|bucket|source_?url|fetch_?url|download_?url|feed_?url|page_?url|href|location)$/i
/** Below these lies what is sent, not where to. */
const CARGO =
  /\/(?:body|data|payload|json|content|contents|variables|fields|metadata|params|attributes|properties|values|items|records|package|manifest|document|files)(?:\/|$)/i
const HOOK = /\/[^/]*(?:hook|callback|subscri|notif|listener|webhook)[^/]*(?:\/|$)/i
const STARTS_LIKE_ADDRESS = /^(?:[a-z][a-z0-9+.-]{1,15}:[\\/]{2}|[\w.+-]{1,64}@[\w.-]+:|\/\/[\w-]+\.)/i
const HOST_FORM = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/i
const HOST_KEY = /(?:host|hostname|server|proxy|registry|endpoint)$/i
const MAX_JSON = 100_000

/** Where the fields of an action lead, apart from its commands. */
export function reachesInFields(subject: ActionSubject): Reach[] {
  const { action, texts } = subject
  if (action.effects.length > 0 && action.effects.every((effect) => effect === 'none')) return []
  const load = loadOf(subject)
  return texts.flatMap((text) => reachesOf(text, action.effects, action.resources.hosts.length > 0, load))
}

function reachesOf(text: Text, effects: readonly Effect[], reachesHosts: boolean, load: Load): Reach[] {
  const { value, isKey, format } = text
  if (isKey || value.length < 4 || format === 'shell' || format === 'sql' || format === 'argv') return []
  if (STARTS_LIKE_ADDRESS.test(value) && value.length < 16_384) {
    const leads = text.declared ? format === 'url' : isActive(text, effects, reachesHosts)
    return leads ? reach(text, readAddress(value), load) : []
  }
  if (HOST_KEY.test(text.key) && HOST_FORM.test(value) && isActive(text, effects, reachesHosts)) {
    return reach(text, bareTarget(value, 'tcp'), load)
  }
  return value.startsWith('{') && leavesTheMachine(effects, reachesHosts) ? reachesInJson(text, load) : []
}

const readAddress = (value: string): Target | undefined =>
  value.startsWith('//') ? urlTarget(`https:${value}`) : (urlTarget(value) ?? scpTarget(value))

const reach = ({ pointer }: Text, target: Target | undefined, load: Load): Reach[] =>
  target && !/^(?:file|data|about|urn)$/.test(target.scheme)
    ? [{ target, load, confidence: 1, place: { pointer } }]
    : []

/** True for an action whose effects may go beyond the machine. */
const leavesTheMachine = (effects: readonly Effect[], reachesHosts: boolean): boolean =>
  reachesHosts || effects.some((effect) => effect === 'external' || effect === 'spend' || effect === 'destructive')

function isActive({ key, pointer }: Text, effects: readonly Effect[], reachesHosts: boolean): boolean {
  const isOwn = OWN.test(key)
  if (!isOwn && !ACTIVE.test(key)) return false
  const place = pointer()
  if (/\/files(?:\/|$)/.test(place)) return false
  if (leavesTheMachine(effects, reachesHosts)) {
    return ACTIVE.test(key) || HOOK.test(place) || !CARGO.test(place)
  }
  // An action that says it stays inside may still keep an address as a piece of data.
  return place.lastIndexOf('/') === 0 && (ACTIVE.test(key) || !isStateful(effects))
}

/** A body that is JSON itself: only what makes others send something counts. */
function reachesInJson(text: Text, load: Load): Reach[] {
  const { value, pointer } = text
  if (value.length > MAX_JSON || !value.includes('://')) return []
  const found: Reach[] = []
  try {
    JSON.parse(value, (key, child: unknown) => {
      if (typeof child !== 'string' || !ACTIVE.test(key) || !STARTS_LIKE_ADDRESS.test(child)) return child
      const target = readAddress(child)
      if (target && found.length < 16) found.push({ target, load, confidence: 0.9, place: { pointer } })
      return child
    })
  } catch {
    // Ordinary text that only begins like JSON.
  }
  return found
}

const BODY = /^\/(?:body|data|payload|json|form|content|text|message|multipart)(?:\/|$)/
const FILE =
  /^\/(?:[^/]*\/)*(?:files?|attachments?|attach|upload|upload_?file|file_?path|local_?path|source_?path|src_?path|path|filename)(?:\/|$)/i

/** What the action sends along, apart from the address itself. */
function loadOf({ texts }: ActionSubject): Load {
  let load: Load = 'nothing'
  for (const { value, isKey, key, pointer } of texts) {
    if (isKey || value === '') continue
    if (/^(?:files?|attach\w*|upload\w*|\w*path|filename|path)$/i.test(key) && FILE.test(pointer())) return 'files'
    if (load === 'nothing' && BODY.test(pointer())) load = 'text'
  }
  return load
}
