/**
 * Text as it is compared: without what differs between copies of the same text, such as line ends, kinds of quotation
 * marks and ligatures, and with everything that could change its meaning.
 */
export function plain(text: string): string {
  return (
    text
      // Before NFKC, which would make 102 of 10², and 11/2 of 1½.
      .replace(/(?<=\d)(?=[⁰¹²³⁴-⁹])/g, '^')
      .replace(/(?<=\d)(?=[¼-¾⅐-⅞])/g, ' ')
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .replace(/['"`´‘-‟′″‹›«»「-』]+/g, "'")
      // Dashes: that of a number is its sign, that between digits a range, any other joins or parts words.
      .replace(/−\s+(?=\d)/g, '-')
      .replace(/[—―⸺⸻]|--+|\s–\s/g, ' ')
      .replace(/[‐-–−]/g, '-')
      .replace(/(?<=\p{L})-\s*(?=\p{L})/gu, '')
      .replace(/(?<=[\p{L}\d])-\s+(?=[\p{L}\d])/gu, '-')
      .replace(/\s+/g, ' ')
      .replace(/(?<=\d) ?- ?(?=\d)/g, '-')
      .replace(/(?<=^|[ ('])- /g, '')
      .replace(/[*]+|(?<![\p{L}\d])_+|_+(?![\p{L}\d])/gu, '')
      // Footnote marks.
      .replace(/(?<=[.,;:!?'])\[\d{1,3}\]/g, '')
      .replace(/(?<=\d) (?=[%‰°€$£])/g, '')
      .replace(/(?<=[€$£]) (?=\d)/g, '')
      .replace(/(?<![\d.,])\d{1,3}(?:([, '])\d{3})(?:\1\d{3})*(?![\d]|[.,]\d{3})/g, (digits) =>
        digits.replace(/[, ']/g, ''),
      )
      .replace(/ +(?=[,;:.!?])/g, '')
      .trim()
  )
}
