import { type Grade, graver } from './grade.ts'

/** Sentences that only these licences hold, as running text in lower case; titles count at the start of a text only. */
const SIGNS: ReadonlyArray<{ grade: Grade; title: RegExp; phrases: readonly RegExp[] }> = [
  {
    grade: 'weak',
    title: /^\W*(?:gnu )?(?:lesser|library) general public licen[cs]e|^\W*lgpl/,
    phrases: [/this version of the gnu lesser general public license incorporates/, /work that uses the library/],
  },
  {
    grade: 'conflict',
    title: /^\W*(?:gnu )?(?:affero )?general public licen[cs]e|^\W*a?gpl/,
    phrases: [
      /you must license the entire work, as a whole, under this license/,
      /you may convey a work based on the program/,
      /to be licensed as a whole at no charge to all third parties under the terms of this license/,
      /cause any work that you distribute or publish, that in whole or in part contains or is derived from the program/,
      /if you convey (?:a covered work|an object code work)/,
      /you may convey (?:a covered work|verbatim copies of the program's source code)/,
      /all users interacting with it remotely through a computer network/,
      /does not permit incorporating your program into proprietary programs/,
      /our general public licenses? (?:is|are) (?:designed|intended) to/,
      /under the terms of the gnu (?:affero )?general public licen[cs]e/,
      /either version \d of the license, or \(at your option\) any later version/,
    ],
  },
  {
    grade: 'conflict',
    title: /^\W*server side public licen[cs]e|^\W*sspl/,
    phrases: [
      /if you make the functionality of the program or a modified version available to third parties as a service/,
    ],
  },
  {
    grade: 'conflict',
    title: /^\W*business source licen[cs]e|^\W*busl/,
    phrases: [/additional use grant/, /make non-?production use of the licensed work/],
  },
  {
    grade: 'conflict',
    title: /^\W*commons clause/,
    phrases: [/does not grant to you,? (?:the )?right to sell the software/, /commons clause/],
  },
  {
    grade: 'conflict',
    title:
      /^\W*(?:creative commons )?(?:cc )?(?:legal code )?attribution[- ]non-?commercial|^\W*polyform|^\W*elastic licen[cs]e|^\W*functional source licen[cs]e|^\W*the prosperity public licen[cs]e/,
    phrases: [
      /attribution[- ]non-?commercial/,
      /for non-?commercial (?:use|purposes) only/,
      /non-?commercial (?:use|purposes) only/,
      /any non-?commercial purpose is a permitted purpose/,
      /you may not provide the software to third parties as a hosted or managed service/,
      /attribution[- ]noderiv/,
    ],
  },
  {
    grade: 'conflict',
    title: /^\W*(?:end[- ]user licen[cs]e agreement|proprietary|confidential|commercial licen[cs]e)/,
    phrases: [
      /(?:confidential and proprietary|proprietary and confidential)/,
      /unauthori[sz]ed (?:copying|use|distribution|reproduction)[^.]{0,60} (?:strictly )?prohibited/,
      /you may not (?:copy|redistribute|distribute|sublicense|modify|reverse engineer)/,
      /no (?:licen[cs]e|right|permission)s?,? [^.]{0,40}(?:is|are) granted/,
      /may not be (?:copied|reproduced|distributed|redistributed)[^.]{0,80}without/,
    ],
  },
  {
    grade: 'weak',
    title:
      /^\W*mozilla public licen[cs]e|^\W*eclipse public licen[cs]e|^\W*common development and distribution licen[cs]e|^\W*european union public licen[cs]e|^\W*common public licen[cs]e/,
    phrases: [
      /subject to the terms of the mozilla public licen[cs]e/,
      /"larger work" means a work that combines covered software/,
      /terms of this eclipse public licen[cs]e/,
    ],
  },
  {
    grade: 'weak',
    title: /^\W*(?:creative commons )?(?:cc )?(?:legal code )?attribution[- ]share-?alike/,
    phrases: [/attribution[- ]share-?alike/, /cc[- ]by[- ]sa/],
  },
]

/** Licences that bind nobody to more than notices, and permit what the phrases above may seem to forbid. */
const WHOLE_TITLE = /^\W*(?:the )?(?:mit|apache|isc|bsd|boost|zlib|python software foundation|psf|unlicense|cc0)\b/

/**
 * The grade of a file that holds the text of a licence. A title decides by itself, as licences name each other: the MPL
 * speaks of the GPL, and so does that of Python.
 */
export function gradeOfLicenceText(text: string): Grade | undefined {
  const flat = text.slice(0, 400_000).toLowerCase().replace(/[“”]/g, '"').replace(/’/g, "'").replace(/\s+/g, ' ')
  const start = flat.slice(0, 300).replace(/^\W*(?:licen[cs]e|copyright[^.]{0,80}\d{4}[^a-z]{0,9})\W+/, '')
  const titled = SIGNS.find(({ title }) => title.test(start) || title.test(flat))
  if (titled) return titled.grade
  const found = SIGNS.filter(({ phrases }) => phrases.some((phrase) => phrase.test(flat)))
  const isPermissive = WHOLE_TITLE.test(start) && !/\b(?:bundle[sd]?|third[- ]party|includes?)\b/.test(flat)
  const grades = found.map(({ grade }) => grade)
  return isPermissive ? undefined : grades.reduce<Grade | undefined>(graver, undefined)
}
