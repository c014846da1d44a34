/** Words that are in names of companies, teams and things, and not of persons. */
const NO_PERSON =
  /(?<!\p{L})(?:gmbh|inc|llc|ltd|limited|ag|kg|ohg|ug|se|plc|corp|corporation|co|company|bv|nv|srl|sarl|sas|spa|oy|ab|aps|pty|team|support|hotline|service|services|sales|office|department|dept|division|group|university|college|school|bank|hotel|hosting|hospital|clinic|foundation|institute|ministry|agency|studio|labs?|solutions|systems|software|technologies|project|example|test|release|build|version|server|database|list|page|report|table|index|street|road|avenue|market|shop|store|restaurant|café|museum|church|city|county|state|north|south|east|west|new|the|and|of|for|product|order|plan|user|admin|guest|customer|client|default|unknown|anonymous|string|name|null|undefined|bot|agent|system|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december)(?!\p{L})/iu

/** Two to six words in capitals, with particles such as `van der` between them. */
const WESTERN =
  /^(?:(?:mr|mrs|ms|dr|prof|herr|frau|sr|sra|mme|mlle)\.? )?\p{Lu}[\p{L}'’.-]{0,30}(?: (?:de|del|da|do|dos|das|di|du|la|le|van|von|der|den|zu|ten|ter|bin|ibn|al|el|y|e|af|av)){0,3}(?: (?:de |van |von |al-|el-|d['’])?\p{Lu}[\p{L}'’.-]{0,30}){1,4}$/u
const ELSEWHERE = /^[\p{Lo}\p{Lm}]{1,12}(?:[ ·・\u3000][\p{Lo}\p{Lm}]{1,14}){0,3}$/u
const REVERSED = /^\p{Lu}[\p{L}'’-]{1,30}, \p{Lu}[\p{L}'’. -]{1,40}$/u

/** True for what is most likely the full name of a person. */
export function isFullName(value: string): boolean {
  const name = value.trim()
  if (name.length < 2 || name.length > 80 || /[\d@:/<>{}=]/.test(name) || NO_PERSON.test(name)) return false
  return WESTERN.test(name) || REVERSED.test(name) || (ELSEWHERE.test(name) && !/^\p{Lo}$/u.test(name))
}

/** True for what can be a name where a member says that it holds a person's. */
export const isNamePart = (value: string): boolean =>
  /^\p{L}[\p{L}\p{M}'’. ,-]{0,79}$/u.test(value.trim()) &&
  !/^(?:string|number|text|name|date|null|none|undefined|required|optional|varchar|true|false|unknown|anonymous|redacted|n\/a)$/i.test(
    value.trim(),
  )
