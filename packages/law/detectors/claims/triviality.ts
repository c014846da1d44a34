/** Words that say nothing by themselves. */
const STOP_WORDS = new Set(
  `a an the and or but of in on at to for from by with as is are was were be been has have had it its this that these
  those he she they we you i his her their our there not which who what so if then than into also will would can may
  der die das den dem des ein eine einer eines einem einen und oder aber von im am zu zum zur für mit als ist sind war
  waren wird werden hat haben es er sie wir dies diese dieser auch sich auf an in bei nach aus
  le la les l un une des de du et ou mais en dans sur à au aux pour par avec est sont était il elle ils ce cette qui que
  el los las una unos y o pero del al por con es son fue lo se`.split(/\s+/),
)

const MIN_CHARACTERS = 8
/** Scripts without blanks say as much in fewer characters. */
const MIN_DENSE = 4
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

/** True for a quote that shows nothing: no words, a single one, or only words such as "of the". */
export function isTrivial(parts: readonly string[]): boolean {
  const text = parts.join(' ')
  if ((text.match(DENSE)?.length ?? 0) >= MIN_DENSE) return false
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? []
  const telling = words.filter((word) => !STOP_WORDS.has(word.toLowerCase()))
  const length = words.join('').length
  if (words.length < 2 || telling.length === 0) return true
  if (length < MIN_CHARACTERS && words.length < 3) return true
  // Single words picked from all over a text can be put together to any sentence.
  return parts.length > 2 && words.length / parts.length < 2
}
