/** The sections of `CONSTITUTION.md` by the number of their article, with their title and text. */
export interface Section {
  article: string
  text: string
}

/** In their order; the text before the first belongs to Article 0, which is built in. */
export function sectionsOf(prose: string): Section[] {
  const [introduction = '', ...parts] = prose.replaceAll('\r\n', '\n').split(/^(?=## )/m)
  return parts.flatMap((part) => {
    const [, article] = /^## Article (\d+) — \S/.exec(part) ?? []
    if (article === undefined) return []
    const text = article === '0' ? `${introduction}\n${part}` : part
    return [{ article, text: text.replace(/\s+/g, ' ').trim() }]
  })
}
