import type { Text } from '../../facts/subject.ts'

/** Texts that a reader takes in one after the other, as one. */
export interface Joined {
  text: string
  /** True for pieces of one coded text, which say nothing before they are decoded. */
  coded: boolean
  /** Within how many characters signals count together: texts of different fields belong together less than those of one. */
  reach: number
  pieces: readonly Text[]
}

const REACH = 300
/** Of a longer text only its ends can belong to its neighbours; the whole was read by itself. */
const LONGEST = 300
const END = 150
const MAX_PIECES = 20_000
const MAX_MEMBERS = 8
const MAX_OBJECTS = 200
const HAS_LETTER = /\p{L}/u
const BREAK = /[.!?:;,\u3002]\s*$/
const CODED = /^[A-Za-z0-9+/_=-]{8,}$/
const SHORTEST_CODED = 24
/** A word of nearly every order to an agent, or a letter of a language other than English. */
const MAY_ORDER =
  /[^\0-\x7f]|ignor|disregard|forget|overrid|overrul|bypass|abandon|discard|dismiss|neglect|obey|obei|instru[ck]|istruz|prompt|directive|guideline|agent|assist|asist|\bbots?\b|chat ?bot|\bai\b|llm|models?\b|gpt|claude|copilot|secret|silent|without|do not|don't|never|you (?:are|have|must|will|were|shall)|negeer|vergeet|vergiss|anweis|olvid|dimentic|oubli|consign|esque|descart|abaikan|lupakan|zapom|polece|unohda|talimat/i
/** Names of members that speak to a machine; together with their values they may make an order. */
const SPEAKING =
  /(?:^|[_\- .])(?:ai|agents?|assistants?|llms?|bots?|models?|systems?|prompt|instructions?|directives?)(?:$|[_\- .A-Z])|[a-z](?:Agent|Assistant|Bot|Model|Llm|Ai)s?\b/

/**
 * The texts of a document joined as they stand beside each other: all of them, those of members of one name, those of one
 * array, those of one object in any order, since members have none (RFC 8259, section 4), and a telling name with its value.
 */
export function joinedFrom(texts: readonly Text[]): Joined[] {
  const values = texts.filter(({ isKey, value }) => !isKey && (value.length === 1 || HAS_LETTER.test(value)))
  if (values.length > MAX_PIECES) return []
  const byParent = groups(values, parentOf)
  const lists = values.length < 2 ? [] : [values, ...groups(values, ({ key }) => key), ...byParent].filter(isMore)
  const objects = byParent.filter(isObject).slice(0, MAX_OBJECTS)
  const joined = [...lists.flatMap((list) => [...runs(list).map(join), ...codedRuns(list)]), ...objects.map(inAnyOrder)]
  return [
    ...unique(joined).filter(({ text, coded }) => coded || MAY_ORDER.test(text)),
    ...values.flatMap((text) => (SPEAKING.test(text.key) ? [named(text)] : [])),
  ]
}

const isMore = (list: readonly Text[]): boolean => list.length > 1

/** A few members, none of them an array. */
const isObject = (list: readonly Text[]): boolean =>
  isMore(list) && list.length <= MAX_MEMBERS && new Set(list.map(({ key }) => key)).size === list.length

/** Every piece before every other. */
function inAnyOrder(members: readonly Text[]): Joined {
  const pieces = members.flatMap((text) => (text.value.length > LONGEST ? [] : [text]))
  const pairs = pieces.flatMap((first) =>
    pieces.filter((other) => other !== first).map(({ value }) => first.value + gap(first.value, value) + value),
  )
  const text = pairs.join(' |\n')
  return { text, coded: false, reach: text.length, pieces }
}

/** The lists of texts that have something in common. */
function groups(values: readonly Text[], common: (text: Text) => string): Text[][] {
  const found = new Map<string, Text[]>()
  for (const text of values) {
    const name = common(text)
    const list = found.get(name)
    if (list) list.push(text)
    else found.set(name, [text])
  }
  return [...found.values()]
}

const parentOf = (text: Text): string => text.pointer().replace(/\/[^/]*$/, '')

/** A piece of a list: a text or, of a longer one, an end. */
interface Piece {
  text: Text
  value: string
}

/** Lists cut within longer texts, whose ends belong to different neighbours. */
function runs(list: readonly Text[]): Piece[][] {
  const found: Piece[][] = [[]]
  for (const text of list) {
    const { value } = text
    if (value.length <= LONGEST) {
      found.at(-1)?.push({ text, value })
      continue
    }
    found.at(-1)?.push({ text, value: value.slice(0, END) })
    found.push([{ text, value: value.slice(-END) }])
  }
  return found.filter((run) => run.length > 1)
}

function join(run: readonly Piece[]): Joined {
  const single = run.filter(({ value }) => value.length === 1).length > run.length * 0.8
  let text = ''
  for (const { value } of run) {
    if (text !== '' && !single) text += gap(text, value)
    text += value
  }
  return { text, coded: false, reach: REACH, pieces: run.map((piece) => piece.text) }
}

/** Labels beside each other are no sentence: one that starts with a capital letter starts something new. */
function gap(before: string, value: string): string {
  if (!/^\s*\p{Lu}/u.test(value) || (/\p{Lu}{2}\P{L}*$/u.test(before) && /^\P{L}*\p{Lu}{2}/u.test(value))) return ' '
  return BREAK.test(before.slice(-3)) ? '\n' : ' |\n'
}

/** Pieces of one coded text. */
function codedRuns(list: readonly Text[]): Joined[] {
  const found: Joined[] = []
  let run: Text[] = []
  const end = (): void => {
    const text = run.map(({ value }) => value).join('')
    if (run.length > 1 && text.length >= SHORTEST_CODED) found.push({ text, coded: true, reach: REACH, pieces: run })
    run = []
  }
  for (const text of list) {
    if (CODED.test(text.value)) run.push(text)
    else end()
  }
  end()
  return found
}

const named = (text: Text): Joined => ({
  text: `${text.key.replaceAll(/[_-]+|(?<=[a-z])(?=[A-Z])/g, ' ')}: ${text.value.slice(0, LONGEST)}`,
  coded: false,
  reach: REACH,
  pieces: [text],
})

const unique = (all: readonly Joined[]): Joined[] => [...new Map(all.map((joined) => [joined.text, joined])).values()]
