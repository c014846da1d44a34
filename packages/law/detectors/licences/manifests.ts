import { type Grade, gradeOfExpression, gradeOfName, graver, isProprietary } from './grade.ts'

const JSON_MANIFEST =
  /^(?:package|composer|bower|component|manifest)\.json$|^(?:package-lock|npm-shrinkwrap)\.json$|^composer\.lock$/i
const TEXT_MANIFEST =
  /^(?:pyproject\.toml|Cargo\.toml|setup\.cfg|setup\.py|pom\.xml|PKG-INFO|METADATA|DESCRIPTION|META\.ya?ml|mix\.exs|pubspec\.yaml|dub\.json|build\.zig\.zon|meta\.json|galaxy\.yml|Chart\.yaml|conanfile\.py)$|\.(?:gemspec|podspec|nuspec|cabal|rockspec|opam|csproj|ebuild)$/i
const LOCK = /^(?:package-lock|npm-shrinkwrap)\.json$|^composer\.lock$/i

export const isManifest = (name: string): boolean => JSON_MANIFEST.test(name) || TEXT_MANIFEST.test(name)

/** The gravest licence that a manifest declares. One's own package may well be proprietary, a foreign one may not. */
export function gradeOfManifest(name: string, content: string, isForeign: boolean): Grade | undefined {
  const licences = JSON_MANIFEST.test(name) ? fromJson(name, content) : fromText(content)
  const grades = licences.map((licence) =>
    graver(gradeOfExpression(licence), isForeign && isProprietary(licence) ? 'conflict' : undefined),
  )
  return grades.reduce(graver, undefined)
}

const MAX_JSON = 1_000_000

function fromJson(name: string, content: string): string[] {
  if (LOCK.test(name) || content.length > MAX_JSON) return fromJsonText(content)
  try {
    const manifest: unknown = JSON.parse(content)
    if (typeof manifest !== 'object' || manifest === null) return []
    return Object.entries(manifest).flatMap(([key, value]) => (/^licen[cs]es?$/i.test(key) ? licenceOf(value) : []))
  } catch {
    return fromJsonText(content)
  }
}

/** A text, an object of npm's old form, or an array of either, which offers a choice. */
function licenceOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) {
    const all = value.flatMap((one) => (Array.isArray(one) ? [] : licenceOf(one)))
    return all.length === 0 ? [] : [all.map((one) => `(${one})`).join(' OR ')]
  }
  if (typeof value !== 'object' || value === null) return []
  const { type, name } = Object.fromEntries(Object.entries(value))
  return [type, name].filter((one) => typeof one === 'string').slice(0, 1)
}

const JSON_FIELD = /"licen[cs]es?"\s{0,9}:\s{0,9}(?:"([^"\n]{1,300})"|\[([^\]]{0,600})\]|\{([^}]{0,600})\})/gi

/** For a part of a manifest, and for lock files, which hold one field for each package. */
function fromJsonText(content: string): string[] {
  return [...content.matchAll(JSON_FIELD)].flatMap(([, text, list, object]) => {
    if (text !== undefined) return [text]
    const types = [...(list ?? object ?? '').matchAll(/(?:"type"\s*:\s*)?"([^"]{1,200})"(?!\s*:)/g)]
    const names = types.map(([, type = '']) => type).filter((type) => !type.includes('://'))
    return names.length === 0 ? [] : [names.map((one) => `(${one})`).join(' OR ')]
  })
}

const FIELD =
  /^[ \t+]*(?:[\w.]{1,40}\.)?["']?licen[cs]e(?:s|[-_]expression)?["']?[ \t]{0,20}(?:=>|[:=]|\()?[ \t]{0,20}([^\n]{1,300})$/gim
const ARGUMENT = /[(,]\s{0,40}licen[cs]e\s{0,9}=\s{0,9}["']([^"'\n]{1,200})["']/gi
const CLASSIFIER = /\bLicen[cs]e[ \t]*::[ \t]*([^\n"']{1,200})/gi
const XML_FIELD = /<licen[cs]e\b[^>]{0,200}>\s*(?:<name>)?([^<]{1,200})/gi

function fromText(content: string): string[] {
  const classified = [...content.matchAll(CLASSIFIER)].map(([, path = '']) => path.split('::').at(-1) ?? '')
  const fields = [...content.matchAll(FIELD)]
    .map(([, value = '']) => value)
    .filter((value) => !value.startsWith('::') && !/^\{?\s*(?:\[?['"]?[\w-]*file\b|\.workspace|workspace)/.test(value))
    .map(licenceIn)
  const named = [...content.matchAll(XML_FIELD), ...content.matchAll(ARGUMENT)].map(([, name = '']) => name)
  return [
    ...fields,
    ...named,
    ...classified.map((name) => (gradeOfName(name) || isProprietary(name) ? name : '')),
  ].filter((licence) => licence !== '')
}

/** `{text = "GPL-3.0"}`, `["MIT", "GPL-3.0"]`, `"MIT",` and `MIT # comment` without what surrounds the licence. */
function licenceIn(field: string): string {
  const quoted = [...field.matchAll(/["']([^"']{1,200})["']/g)].map(([, text = '']) => text)
  if (quoted.length > 0) return quoted.join(field.trim().startsWith('[') ? ' OR ' : ' ')
  return field
    .replace(/\s+#.*$/, '')
    .replace(/^\{?\s*text\s*=\s*|[{},]+$/g, '')
    .trim()
}
