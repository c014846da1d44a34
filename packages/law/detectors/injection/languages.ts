import { ARABIC } from './phrases/arabic.ts'
import { CHINESE } from './phrases/chinese.ts'
import { ARABIC_ORDERS, CHINESE_ORDERS, HINDI_ORDERS, JAPANESE_ORDERS, RUSSIAN_ORDERS } from './phrases/east-orders.ts'
import { ENGLISH_CLAIMS } from './phrases/english-claims.ts'
import { ENGLISH_ORDERS } from './phrases/english-orders.ts'
import { ENGLISH_SPEAKING } from './phrases/english-speaking.ts'
import { ENGLISH_WISHES } from './phrases/english-wishes.ts'
import { FRENCH } from './phrases/french.ts'
import { GERMAN } from './phrases/german.ts'
import { HINDI } from './phrases/hindi.ts'
import { IBERIAN } from './phrases/iberian.ts'
import { ITALIAN } from './phrases/italian.ts'
import { JAPANESE } from './phrases/japanese.ts'
import { LATIN_LANGUAGES } from './phrases/latin-languages.ts'
import { MARKUP } from './phrases/markup.ts'
import { OTHER_LANGUAGES } from './phrases/other-languages.ts'
import { POLISH } from './phrases/polish.ts'
import { RUSSIAN } from './phrases/russian.ts'
import { TURKISH } from './phrases/turkish.ts'
import {
  FRENCH_ORDERS,
  GERMAN_ORDERS,
  IBERIAN_ORDERS,
  ITALIAN_ORDERS,
  POLISH_ORDERS,
  TURKISH_ORDERS,
} from './phrases/west-orders.ts'
import type { Phrase, PhraseBook } from './signal.ts'

/** A language, and a quick test for words without which none of its strong phrases can occur. */
interface Language {
  gate: RegExp
  books: readonly PhraseBook[]
}

const SPEAKS_TO =
  /agent|assist|asist|asyst|model|\bki\b|ki-|\bia\b|\bai\b|\bsi\b|\bbots?\b|chatbot|llm|claude|copilot|sprach|langage|lenguaje|linguag|linguist|językow|yapay|dil model|anweisung|vorgabe|befehl|instru|consigne|istruz|órdenes|ordens|polece|talimat|yönerge|utilis|usuari|utente|użytk|was (?:man )?(?:dir|du)/i

/** Languages whose orders are told by a word that no other language writes so. */
const ORDERS: readonly Language[] = [
  { gate: /\b(?:der|das|den|und|nicht|du|dich|dir|dies\w{1,2}|eine[nmrs]?)\b/i, books: [GERMAN_ORDERS] },
  { gate: /\b(?:les|des|du|une|et|tu|vous|ce|cette|pour|aux)\b/i, books: [FRENCH_ORDERS] },
  {
    gate: /\b(?:el|los|las|del|al|um|uma|os|dos|das|ao|que|una|lo|esta|este|esto|es|tu|más|para|por|com|não|você)\b/i,
    books: [IBERIAN_ORDERS],
  },
  { gate: /\b(?:il|gli|della|delle|che|una|questo|questa|non|sei)\b/i, books: [ITALIAN_ORDERS] },
  { gate: /[ąęłńśźż]|\b(?:dla|jest|oraz|jako)\b/i, books: [POLISH_ORDERS] },
  { gate: /[ığş]|\b(?:bir|ve|bu)\b/i, books: [TURKISH_ORDERS] },
]

const LANGUAGES: readonly Language[] = [
  {
    gate: /\b(?:a|all|and|any|are|for|in|is|it|of|on|please|the|this|to|with|you|your)\b|\b(?:ignor|disregard|forget|discard|dismiss|overrid|overrul|bypass|abandon|instruction|prompt|directive|guideline|assistant|agent|bots?\b|chatbot|llms?\b|gpt|claude|gemini|copilot|language[- ]model|vision[- ]model|a\.?i\b|instead|tool|secretly|silently|without|never|not (?:tell|mention|inform|list|answer)|don't|user|owner|admin|password|credential|henceforth|from (?:now|here)|new (?:objective|task|goal|orders|rules)|obey|helper)/i,
    books: [ENGLISH_CLAIMS, ENGLISH_ORDERS, ENGLISH_SPEAKING, ENGLISH_WISHES],
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
  ...LATIN_LANGUAGES,
  { gate: /[<[{|#]|^\s*(?:system|assistant|user|human|ai)\b/im, books: [MARKUP] },
]

const NOT_ASCII = /[^\0-\x7f]/
/** Languages that can't be written in ASCII. */
const OTHER_SCRIPTS: readonly Language[] = [
  { gate: /[\u0900-\u097f]{3}/, books: [HINDI, HINDI_ORDERS] },
  { gate: /[\u0600-\u06ff]{3}/, books: [ARABIC, ARABIC_ORDERS] },
  { gate: /[\u3040-\u30ff]{2}/, books: [JAPANESE, JAPANESE_ORDERS] },
  { gate: /[\u4e00-\u9fff]{2}/, books: [CHINESE, CHINESE_ORDERS] },
  { gate: /\p{Script=Cyrillic}{4}/u, books: [RUSSIAN, RUSSIAN_ORDERS] },
  ...OTHER_LANGUAGES,
]

/** The phrases that may occur in a text. */
export function phrasesFor(text: string): Phrase[] {
  const found = LANGUAGES.filter(({ gate }) => gate.test(text))
  if (SPEAKS_TO.test(text)) found.push(...ORDERS.filter(({ gate }) => gate.test(text)))
  if (NOT_ASCII.test(text)) found.push(...OTHER_SCRIPTS.filter(({ gate }) => gate.test(text)))
  return found.flatMap(({ books }) => books.flatMap((book) => book()))
}
