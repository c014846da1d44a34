import { ARABIC } from './phrases/arabic.ts'
import { CHINESE } from './phrases/chinese.ts'
import { ENGLISH_CLAIMS } from './phrases/english-claims.ts'
import { ENGLISH_WISHES } from './phrases/english-wishes.ts'
import { FRENCH } from './phrases/french.ts'
import { GERMAN } from './phrases/german.ts'
import { HINDI } from './phrases/hindi.ts'
import { IBERIAN } from './phrases/iberian.ts'
import { ITALIAN } from './phrases/italian.ts'
import { JAPANESE } from './phrases/japanese.ts'
import { MARKUP } from './phrases/markup.ts'
import { POLISH } from './phrases/polish.ts'
import { RUSSIAN } from './phrases/russian.ts'
import { TURKISH } from './phrases/turkish.ts'
import type { Phrase, PhraseBook } from './signal.ts'

/** A language, and a quick test for words without which none of its strong phrases can occur. */
interface Language {
  gate: RegExp
  books: readonly PhraseBook[]
}

const LANGUAGES: readonly Language[] = [
  {
    gate: /\b(?:the|you|your|and|to|this|any|please)\b|\b(?:ignor|disregard|forget|discard|dismiss|overrid|overrul|bypass|abandon|instruction|prompt|directive|guideline|assistant|agent|bots?\b|chatbot|llms?\b|gpt|claude|gemini|copilot|language[- ]model|vision[- ]model|a\.?i\b|instead|tool|secretly|silently|without|never|not (?:tell|mention|inform|list|answer)|don't|user|owner|admin|password|credential|henceforth|from (?:now|here)|new (?:objective|task|goal|orders|rules)|obey|helper)/i,
    books: [ENGLISH_CLAIMS, ENGLISH_WISHES],
  },
  {
    gate: /ignorier|vergiss|vergess|missacht|anweisung|vorgabe|befehl|richtlinie|sprachmodell|(?:^|[^\p{L}])ki(?:[^\p{L}]|$)|ki-|nutzer|passw|heimlich|systemprompt/iu,
    books: [GERMAN],
  },
  {
    gate: /ignore[zr]?|oublie|consigne|directive|instruction|intelligence artificielle|(?:^|[^\p{L}])ia(?:[^\p{L}]|$)|utilisat|mot de passe|tenez|tiens/iu,
    books: [FRENCH],
  },
  {
    gate: /ignor[ae]|olvid|desconsider|esque[çc]|descart|caso omiso|instruc|instru[çc]|[óo]rdene?s|inteligencia|inteligência|(?:^|[^\p{L}])ia(?:[^\p{L}]|$)|usu[aá]ri|contraseñ|senha|asistente|assistente/iu,
    books: [IBERIAN],
  },
  {
    gate: /ignor[aio]|dimentic|trascur|istruzion|direttiv|intelligenza|(?:^|[^\p{L}])ia(?:[^\p{L}]|$)|utente|assistent|regole/iu,
    books: [ITALIAN],
  },
  {
    gate: /zignoruj|ignoruj|zapomnij|pomiń|instrukcj|polece[nń]|wytyczn|sztuczn|asystent|użytkownik|hasł|model\p{L}* językow/iu,
    books: [POLISH],
  },
  {
    gate: /talimat|yönerge|komut|yapay zek|kullanıcı|görmezden|yok say|dil model|asistan|parola|şifre/iu,
    books: [TURKISH],
  },
  { gate: /\p{Script=Cyrillic}{4}/u, books: [RUSSIAN] },
  { gate: /[\u4e00-\u9fff]{2}/, books: [CHINESE] },
  { gate: /[\u3040-\u30ff]{2}/, books: [JAPANESE] },
  { gate: /[\u0600-\u06ff]{3}/, books: [ARABIC] },
  { gate: /[\u0900-\u097f]{3}/, books: [HINDI] },
  { gate: /[<[{|#]|^\s*(?:system|assistant|user|human|ai)\b/im, books: [MARKUP] },
]

/** The phrases that may occur in a text. */
export const phrasesFor = (text: string): Phrase[] =>
  LANGUAGES.flatMap(({ gate, books }) => (gate.test(text) ? books.flatMap((book) => book()) : []))
