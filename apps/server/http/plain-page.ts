import { pageHeaders, sourceHash } from './page-headers.ts'

export interface Page {
  html: string
  headers: Record<string, string>
}

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem}
pre{overflow:auto;padding:.5rem;border:1px solid #8884}
nav ul{columns:3 14rem;padding-left:1rem}
section{border-top:1px solid #8884;margin-top:1.5rem}
table{border-collapse:collapse}td,th{text-align:left;padding:.1rem 1rem .1rem 0;vertical-align:top}`

const HEADERS = pageHeaders(`style-src ${sourceHash(STYLE)}`)

/** A page that loads nothing: no script, no font, no picture. `body` is HTML. */
export const plainPage = (title: string, body: string): Page => ({
  html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>\n`,
  headers: HEADERS,
})

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
