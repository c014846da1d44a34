const MAX_TEXT = 1_048_576
/** Fewer are the people of a meeting. */
const LIST = 10
const EMAIL = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}\.[a-z]{2,12}/g
const CREDITS = /author|contributor|maintainer|signed-off|co-authored|copyright|licen[cs]e|changelog|commit/i
/** Addresses of an office rather than of a person. */
export const ROLE =
  /^(?:info|support|sales|contact|hello|office|admin|team|help(?:desk)?|no-?reply|service|press|jobs|billing|security|legal|webmaster|postmaster|marketing|hr|ops|it|dev|abuse)@/i

/** True for a text with the e-mail addresses of ten people or more, such as a list of subscribers. */
export function holdsAddressList(text: string): boolean {
  if (text.length > MAX_TEXT || !text.includes('@') || CREDITS.test(text)) return false
  const found = new Set<string>()
  for (const [email] of text.matchAll(EMAIL)) {
    if (!ROLE.test(email)) found.add(email.toLowerCase())
    if (found.size >= LIST) return true
  }
  return false
}
