/** Quotes in a text about attacks: spoken of, not said. */
const QUOTED =
  /"[^"\n]{3,300}"|\u201c[^\u201d\n]{3,300}\u201d|\u201e[^\u201c\n]{3,300}\u201c|\u00ab[^\u00bb\n]{3,300}\u00bb|\u00bb[^\u00ab\n]{3,300}\u00ab|`[^`\n]{3,300}`|(?<=[\s(:[])'[^'\n]{3,300}'(?=[\s).,;:\]])|\u300c[^\u300d\n]{3,300}\u300d|```[\s\S]{3,3000}?```|(?<=^|\n)\s*>[^\n]{3,500}/g
const ATTACK =
  /inject|jail ?break|adversar|malic|attack|red[- ]?team|owasp|planted|phish|social engineering|\bcve-\d|payload|exploit|forge[dr]|samples?\b|classif|detector|detect(?:s|ed|ion|ing)\b|vulnerab|threat|defen[cs]e|hacker|angriff|angreif|attaqu|ataque|attacc|inyecci|injeç|atak|saldırı|атак|инъекц|攻击|攻撃|هجوم|हमल/i
const STRONG =
  /prompt[- ]?injection|inject(?:ed|ion)s? (?:attack|payload|attempt|instruction)|jail ?break|owasp|llm01|red[- ]?team/i
const TOLD_OF =
  /(?:contain|say|said|read|call|write|wrote|wording|phrase|like|such as|example|instance|e\.g|text|string|pattern|message|sentence)\w*\W{0,4}(?:\w+ ){0,3}\W{0,3}$/i
const TEST =
  /\b(?:assert\w*|expect|describe|it|test|re\.\w+|regexp?)\s?(?:\.\w+)?\(|\b(?:patterns?|rules|samples|cases)\s*[:=]\s*[[({]/gi
const SENTENCE_END = /[.!?;\n\u3002]+(?=\s|$)|\n/
const WORDS = /\S+(?:\s+\S+){3}|[\u3040-\u30ff\u4e00-\u9fff]{8}/
const ENOUGH_SENTENCES = 2

interface Quote {
  from: number
  to: number
}

/** The quotes of a text that is clearly an analysis: several of its own sentences are about attacks, or it is a test. */
export function quotesSpokenOf(text: string): Quote[] {
  if (!ATTACK.test(text) && text.search(TEST) < 0) return []
  const quotes = [...text.matchAll(QUOTED)].map(({ 0: quote, index }) => ({ from: index, to: index + quote.length }))
  if (quotes.length === 0 || isTest(text) || isAnalysis(text.replaceAll(QUOTED, ' (quoted) '))) return quotes
  return quotes.filter(({ from }) => isToldOf(text, from))
}

const isTest = (text: string): boolean => {
  const marks = text.match(TEST)?.length ?? 0
  return marks >= ENOUGH_SENTENCES || (marks > 0 && STRONG.test(text))
}

const isAnalysis = (own: string): boolean =>
  own.split(SENTENCE_END).filter((sentence) => WORDS.test(sentence) && ATTACK.test(sentence)).length >= ENOUGH_SENTENCES

/** A quote that one sentence about prompt injection gives as an example. */
function isToldOf(text: string, from: number): boolean {
  const before = text.slice(Math.max(0, from - 200), from)
  return STRONG.test(before) && TOLD_OF.test(before)
}
