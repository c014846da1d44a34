import type { Text } from '../../facts/subject.ts'
import { type Detector, factAbout, type OutputSubject } from '../detector.ts'

const MAX_TEXT = 200_000
const MAX_SPANS = 8

/** A value that is nothing but a note to fill it in. */
const NOTE =
  /^[\W_]*(?:n\/?a\W+)?(t[\W_]*o[\W_]*d[\W_]*o|tbd|tba|fixme|placeholder|[\w ]{1,40} goes here|to be (determined|decided|added|filled in|completed|announced|done|written)|(insert|add|your) [\w ]{1,40} here|coming soon|sample [\w ]{0,20}(text|content|data)|lorem ipsum|dummy text)[\W_]*$/i
/** Nothing but marks in the place of a value. */
const BLANK = /^[\W_]*(X{3,}|x{3,}|\?{3,}|\.{3}|…)[\W_]*$/
/** Characters that take no space, which may stand between the letters of a word. */
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]|\u200C|\u200D/g
/** `TODO: write this`, where the rest is the work that is missing. */
const NOTED = /^\s*[[(<*]*(TODO|TBD|FIXME)\b\s*[:\-–—(]/
/** Members that say of which kind something else is, for which `TODO` may be the right word. */
const KIND_KEYS = /^(kind|type|tags?|marks?|marker|category|status|state|level|severity|prefix|keyword)$/i
const NOTE_KEYS =
  /^(todos?|tasks?|items?|comments?|lines?|notes?|matches|match|titles?|labels?|names?|steps|checklist|quotes?)$/i

const FIELD =
  "(?:your|insert|enter|add|fill|company|client|customer|recipient|sender|first|last|full|contact|job|project|current|today'?s)"
/** Fields that nobody filled in. */
const UNFILLED = [
  new RegExp(String.raw`\[${FIELD}[ _][^\][\n]{1,50}\](?![(:[])`, 'i'),
  /\[(Name|Date|Address|Amount|Company|City|Title|Email|Phone|Price|Position|Signature|NAME|DATE|AMOUNT|COMPANY|TBD|TODO|XX+|\.\.\.|…)\](?![(:[])/,
  /\[(?=[^\]]{0,20}[^ -~])\p{Lu}{2,20}\]/u,
  /<[A-Z][A-Z_ ]{2,40}>/,
  /%%\w{2,40}%%/,
  /(?<![\w/`"'=$])\{[a-z]\w{2,40}\}(?![\w/`"'}])/,
  /[$€£]X{2,}|(?<!\w)X{2,}(?:[.,]X{2,})*(?: ?%| (?:euros?|dollars?|percent|EUR|USD)\b)/,
  /\byour[._-]?(?:e?mail|name)@/i,
  new RegExp(String.raw`<${FIELD}[ _-][^<>\n]{1,50}>`, 'i'),
  /<[a-z][a-z ]{1,40} (?:to be (?:filled in|added|determined|completed|decided)|goes here|here)>/i,
  /<(?:TODO|TBD|PLACEHOLDER|INSERT[^<>\n]{0,40})>/,
  /\{\{\s*[\w.]{1,60}\s*\}\}|\{%\s*\w[^{}\n]{0,60}%\}/,
  /\$\{[a-z]\w{0,60}(?:\.\w{1,60}){0,5}\}/,
  /(?<![\w%])%[A-Z][A-Z_]{2,40}%(?![\w%])/,
  /\bx{3}[-. ]x{3,4}[-. ]x{3,4}\b/i,
  /\b(?:YOUR|INSERT)_[A-Z_]{2,40}(?:_HERE)?\b/,
]
const LOREM =
  /lorem ipsum dolor sit amet[\s\S]{0,200}\b(consectetur|adipiscing|eiusmod|tempor)\b|^\W*lorem ipsum dolor/i

const REFUSAL = new RegExp(
  String.raw`^["'\s]*(?:(?:i['’]?m|i am|we['’]re) (?:very |so )?sorry|sorry|i apologi[sz]e|unfortunately|my apologies|certainly|hello)?[,.! —-]*(?:but )?(?:` +
    [
      String.raw`as an? (?:ai|artificial intelligence|(?:large )?language model|assistant)\b`,
      String.raw`i(?:['’]?m| am) (?:just |only )?an? (?:ai|(?:large )?language model)\b`,
      String.raw`i (?:cannot|can['’]?t|can not|could not|am unable to|am not able to|don['’]?t have (?:the )?(?:ability|access|permission) ?(?:to)?|won['’]?t(?: be able to)?)\s+(?:fulfil?l|comply|assist|help(?: you)? with|provide|complete|process|access|browse|open|view|read|see|generate|create|produce|perform|do that|answer|continue|retrieve|summari[sz]e|translate)`,
      String.raw`i (?:do not|don['’]?t) have (?:direct )?access to (?:real|the|external|current|your|that|this|live)\b`,
      "i['’]?m (?:unable|not able) to (?:fulfil?l|comply|assist|help|provide|complete|process|access|browse|open|view|read|see|generate|create|produce|perform|do that|answer|continue|retrieve|summari[sz]e|translate)",
    ].join('|') +
    ')',
  'i',
)

/** What lies in a list is mostly a record of something that was read, not the work itself. */
const IN_LIST = /\/\d+(?:\/|$)/

/** Members that hold code, a template or somebody else's words, where such marks belong. */
const VERBATIM_KEYS =
  /^(code|source|source_?code|template|templates|snippet|html|markup|diff|patch|example|examples|pattern|regex|query|script|raw|logs?|transcript|quote|quoted|yaml|config)$/i

/** What in an output was left for somebody to fill in, in a few words. */
export const mockOutput: Detector<OutputSubject> = {
  name: 'mock-output',
  rules: ['placeholder_output'],
  find({ texts, sources = [] }) {
    const found = texts.flatMap((text) => {
      const place = text.isKey ? undefined : placeholderIn(text, sources)
      return place ? [{ ...place, pointer: text.pointer() }] : []
    })
    const spans = found.slice(0, MAX_SPANS).map(({ pointer, start, end }) => ({ pointer, start, end }))
    return factAbout(
      found.map(({ what, pointer }) => `${pointer}: ${what}`),
      {
        rule: 'placeholder_output',
        article: '18',
        severity: 'HIGH',
        message: 'The output holds a placeholder where the result should be.',
        remedy: 'Fill it in from what the run knows, or say plainly what is missing.',
        confidence: 0.9,
        spans,
      },
    )
  },
}

interface Place {
  what: string
  start: number
  end: number
}

function placeholderIn({ value, key, pointer }: Text, sources: ReadonlyArray<{ text: string }>): Place | undefined {
  if (value.length < 3) return undefined
  const text = value.slice(0, MAX_TEXT)
  const whole = { start: 0, end: value.length }
  const start = text.slice(0, 400).replaceAll(INVISIBLE, '')
  if (REFUSAL.test(start.slice(0, 300))) return { what: 'refusal of a model', ...whole }
  const isRecord = (): boolean => IN_LIST.test(pointer()) && sources.some((source) => source.text === value)
  if (text.length < 120 && !KIND_KEYS.test(key) && (NOTE.test(start) || BLANK.test(start)) && !isRecord())
    return { what: 'note to fill it in', ...whole }
  const isRead = (passage: string): boolean => sources.some((source) => source.text.includes(passage))
  if (NOTED.test(text) && text.length < 300 && !NOTE_KEYS.test(key) && !isRead(value))
    return { what: 'note to fill it in', ...whole }
  if (VERBATIM_KEYS.test(key)) return undefined
  const prose = withoutCode(text)
  if (LOREM.test(prose)) return { what: 'lorem ipsum', ...whole }
  if (!/[[<{%$_€£]|x{2}|your|insert/i.test(prose)) return undefined
  for (const pattern of UNFILLED) {
    const match = pattern.exec(prose)
    if (match && !isRead(match[0])) {
      return { what: 'field that is not filled in', start: match.index, end: match.index + match[0].length }
    }
  }
  return undefined
}

/** The text with code in Markdown blanked out, so that offsets stay. */
const withoutCode = (text: string): string =>
  text.includes('`') ? text.replaceAll(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, (code) => ' '.repeat(code.length)) : text
