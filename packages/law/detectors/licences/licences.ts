import { isStateful } from '@azora/contracts'
import { type ActionSubject, type Detector, type Fact, factAbout } from '../detector.ts'
import { gradeOfBanner } from './banners.ts'
import { commentsOf, flowing } from './comments.ts'
import { type Grade, graver } from './grade.ts'
import { gradeOfLicenceText } from './licence-texts.ts'
import { gradeOfManifest, isManifest } from './manifests.ts'
import { type Written, writtenBy } from './written.ts'

/** Every text that says anything about its licence holds one of these words. */
const TELLING =
  /licen[cs]e|gpl|spdx|confidential|proprietary|unauthori[sz]ed|trade secret|commercial|copyright|under this|redistribut|convey|internal use|cc[- ]by/i

const FOREIGN =
  /(?:^|\/)(?:vendor(?:ed)?|third[-_]?party|external|extern|node_modules|bower_components|deps|pods|site-packages|contrib|imported|upstream)\//i
const LICENCE_FILE = /^(?:un)?(?:licen[cs]e|copying|copyright|notice|eula|legal|terms)s?(?:[-_.][\w.+-]*)?$/i
const REUSE_FOLDER = /(?:^|\/)LICENSES\/[^/]+\.txt$/
const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|c|h|cc|cpp|hpp|java|kt|rb|php|cs|swift|json|ya?ml|toml|sh|css|vue)$/i
const PROSE =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|html?|tex|org|textile|po|pot)$|^(?:readme|changelog|authors|contributing)$/i
const DATA = /\.(?:json[5lc]?|ndjson|csv|tsv|lock|snap|xml|plist|ipynb|parquet|geojson|strings|resx)$/i
const LICENCE_SECTION = /^#{1,6}[ \t]*licen[cs]e[^\n]*\n+([\s\S]{1,300})/im

/** Characters that nobody sees, or that only look like those of ASCII. */
const DISGUISED = /[\u00ad\u200b-\u200f\u2060\ufeff\uff01-\uff5e]/
const undisguised = (text: string): string =>
  DISGUISED.test(text) ? text.normalize('NFKC').replace(/\p{Cf}/gu, '') : text

function gradeOf({ path, content: raw }: Written): Grade | undefined {
  const content = undisguised(raw)
  const name = path?.split('/').at(-1) ?? ''
  const isForeign = path !== undefined && FOREIGN.test(path)
  if (path === undefined) return graver(gradeOfCode(content), gradeOfPlainText(content))
  if (isManifest(name)) return gradeOfManifest(name, content, isForeign)
  if (REUSE_FOLDER.test(path)) return gradeOfLicenceText(content)
  if (LICENCE_FILE.test(name) && !CODE.test(name)) return gradeOfLicenceText(content)
  if (name.endsWith('.license')) return gradeOfBanner(content, flowing(content))
  if (PROSE.test(name)) return gradeOfProse(content, isForeign)
  return DATA.test(name) ? undefined : gradeOfCode(content)
}

const gradeOfCode = (content: string): Grade | undefined =>
  commentsOf(content)
    .filter((comment) => TELLING.test(comment))
    .map((comment) => gradeOfBanner(comment, flowing(comment)))
    .reduce(graver, undefined)

/** Content that is to be written nobody knows where, if it is the text of a licence. */
const gradeOfPlainText = (content: string): Grade | undefined =>
  content.length > 200 && !/[{};=]/.test(content.slice(0, 400)) ? gradeOfLicenceText(content) : undefined

/** Prose speaks about licences. It is under one itself by a comment at its start, or as the readme of foreign code. */
function gradeOfProse(content: string, isForeign: boolean): Grade | undefined {
  const [comment = ''] = /^\s*<!--[\s\S]{0,600}?-->/.exec(content) ?? []
  const section = isForeign ? (LICENCE_SECTION.exec(content)?.[1] ?? '') : ''
  return [comment, section]
    .filter((text) => text !== '')
    .map((text) => gradeOfBanner(text, flowing(text)))
    .reduce(graver, undefined)
}

const FACTS: Readonly<Record<Grade, Omit<Fact, 'evidence'>>> = {
  conflict: {
    rule: 'licence_conflict',
    article: '19',
    severity: 'HIGH',
    message: 'It would take in code under a licence that conflicts with free use of the project.',
    remedy: 'Use a package under a permissive licence, write the code anew, or wait for the review.',
    confidence: 0.9,
  },
  weak: {
    rule: 'licence_weak_copyleft',
    article: '19',
    severity: 'MEDIUM',
    message: 'It would take in code under a weak copyleft licence.',
    remedy: 'Keep the code apart and its licence with it, and wait for the review.',
    confidence: 0.9,
  },
}

/** Licences of the code that an action would write: in manifests, in comments, and as texts of their own. */
export const licences: Detector<ActionSubject> = {
  name: 'licences',
  rules: ['licence_conflict', 'licence_weak_copyleft'],
  find({ action, texts }) {
    if (!isStateful(action.effects)) return []
    const telling = texts.filter(({ isKey, value }) => !isKey && value.length > 10 && TELLING.test(value))
    const graded = telling
      .flatMap((text) => writtenBy(text, texts))
      .map((written) => ({ ...written, grade: gradeOf(written) }))
    return (['conflict', 'weak'] as const).flatMap((grade) => {
      const own = graded.filter((written) => written.grade === grade)
      const spans = own.slice(0, 8).map(({ pointer }) => ({ pointer }))
      return factAbout(
        own.map(({ path, pointer }) => path ?? pointer),
        { ...FACTS[grade], spans },
      )
    })
  },
}
