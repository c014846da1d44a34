/** The shortest form that is looked for: a shorter one would hide text that has nothing to do with a secret. */
const FORM_BYTES_MIN = 6

/**
 * How a value may look where it was only carried along: as it is, in base64 at each of its three alignments and in both
 * alphabets (RFC 4648), in hexadecimal, percent-encoded (RFC 3986, and as forms do it), escaped in JSON, HTML and
 * JavaScript, and in UTF-16.
 */
export function formsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value)
  const texts = [
    value,
    ...base64Forms(bytes),
    ...bothCases(bytes.toString('hex')),
    ...percentForms(value, bytes),
    ...jsonForms(value),
    ...bothCases(escaped(bytes, '\\x')),
    value.replace(/[&<>"']/g, (character) => HTML[character] ?? character),
    value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  ]
  const forms = [...texts.map((text) => Buffer.from(text)), Buffer.from(value, 'utf16le')]
  const known = new Map(
    forms.filter(({ length }) => length >= FORM_BYTES_MIN).map((form) => [form.toString('hex'), form]),
  )
  return [...known.values()]
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** The characters that depend on the value alone, whatever stands before and behind it. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const escaped = (bytes: Buffer, mark: string): string => bytes.toString('hex').replace(/../g, `${mark}$&`)

/** With hexadecimal digits in lower and in upper case; the marks between them stay. */
const bothCases = (text: string): string[] => [
  text,
  text.replace(/(?<![\\])[a-f]+|(?<=\\x|\\u)[0-9a-f]+/g, (digits) => digits.toUpperCase()),
]

function percentForms(value: string, bytes: Buffer): string[] {
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const strict = encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = new URLSearchParams([['', value]]).toString().slice(1)
  const upper = [encodeURIComponent(value), encodeURI(value), strict, strict.replaceAll('%20', '+'), form]
  const every = escaped(bytes, '%')
  return [...upper, ...upper.map(lower), every, every.toUpperCase()]
}

function jsonForms(value: string): string[] {
  const plain = JSON.stringify(value).slice(1, -1)
  const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  const beyondAscii = plain.replace(/[^\x20-\x7e]/g, unit)
  const html = beyondAscii.replace(/[&<>']/g, unit)
  return [
    plain,
    plain.replaceAll('/', '\\/'),
    ...[beyondAscii, html, value.replace(/[\s\S]/g, unit)].flatMap(bothCases),
  ]
}
