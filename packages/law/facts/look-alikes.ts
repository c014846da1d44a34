/**
 * Letters of other scripts that look like those of the Latin alphabet, after UTS #39 (confusables.txt); the ones that are
 * used to imitate words and host names.
 */
const IMITATED: Readonly<Record<string, string>> = {
  a: 'аɑαａ',
  b: 'Ьʙβвь',
  c: 'сϲⅽс',
  d: 'ԁⅾɗ',
  e: 'еҽєεё',
  f: 'ƒꞙ',
  g: 'ɡցǥ',
  h: 'һհнʜ',
  i: 'іıɩιїӏⅰ',
  j: 'јϳ',
  k: 'κкᴋ',
  l: 'ӏⅼǀɭ',
  m: 'мⅿᴍ',
  n: 'ոпηɴн',
  o: 'оοօσөо',
  p: 'рρᴘ',
  q: 'ԛզ',
  r: 'гʀг',
  s: 'ѕꜱʂ',
  t: 'тτᴛ',
  u: 'υսцᴜ',
  v: 'ѵνⅴᴠ',
  w: 'ѡԝω',
  x: 'хχⅹ',
  y: 'уүγʏ',
  z: 'ᴢʐ',
}

const LATIN = new Map(Object.entries(IMITATED).flatMap(([latin, others]) => [...others].map((one) => [one, latin])))

const NOT_ASCII = /\P{ASCII}/u
const OTHER_LETTER = /\P{ASCII}/gu

/** Lower case, compatibility forms resolved (NFKC), letters that imitate Latin ones replaced by those. */
export function foldLookAlikes(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(OTHER_LETTER, (letter) => LATIN.get(letter) ?? letter)
}
