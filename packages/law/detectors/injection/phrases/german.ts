import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in German. */
export const GERMAN = foreignPhrases([
  [
    'override',
    1,
    `\\b(?:ignorier(?:e|en|t)?|vergiss|vergessen sie|vergesst|missachte|missachten sie|verwirf|verwerfen sie|übergehe|überschreibe|befolge nicht|beachte nicht|lösche|streiche)\\s+(?:\\w+\\s+){0,2}?(?:alle[sn]?|sämtliche[n]?|deine[nr]?|ihre[nr]?|die|jegliche|vorherige[nr]?|bisherige[nr]?|frühere[nr]?|obige[nr]?|vorige[nr]?|vorangegangene[nr]?|vorangehende[nr]?|ursprüngliche[nr]?|bestehende[nr]?)\\s+(?:(?:deine|ihre|bisher|zuvor|oben|vorher|bisherigen|vorherigen|früheren|obigen|vorangegangenen|vorangehenden|ursprünglichen|bestehenden|aktuellen|erhaltenen|genannten|gegebenen|erteilten|vorigen|anderen)\\s+){0,4}(?:anweisungen|instruktionen|vorgaben|befehle|anordnungen|systemanweisungen|systemprompts?|prompts?|weisungen|aufträge|richtlinien|sicherheitsregeln|regeln)(?!\\s+(?:auf|aus|im|in|vom|zum|zur|für|des|der|von (?!deine|ihre|nutz|benutz|system|entwickl|betreib)))`,
  ],
  [
    'override',
    0.8,
    '\\bvergiss alles,? was\\b|\\bdu bist (?:ab jetzt|nun|jetzt) nur noch\\b|\\b(?:deine|ihre|alle) (?:bisherigen |vorherigen )?(?:regeln|anweisungen|vorgaben|richtlinien) (?:gelten nicht|sind (?:aufgehoben|ungültig|hinfällig|außer kraft))|\\bneue (?:anweisung(?:en)?|aufgabe|instruktion(?:en)?|regeln)( für (?:dich|die ki|den assistenten|alle))?\\s*:',
  ],
  [
    'address',
    0.5,
    '\\b(?:an|für|liebe[rs]?|hallo|achtung|hinweis (?:an|für)|nachricht an)\\s+(?:(?:alle|jede[nrs]?|die|den|das|einen?|eure|ihre)\\s+)?(?:ki|kis|llms?|sprachmodelle?|ki-\\w+|chatbots?|assistenten?|agenten?|assistenz)\\b|\\b(?:wenn|falls|sofern) (?:du|sie) (?:eine? )?(?:ki|llm|sprachmodell|ki-\\w+|assistent|agent|bot|chatbot|automatische[rs]? \\w+)\\b|\\bals ki\\b|\\b(?:ki-(?:assistent|agent|system|modell)\\w*|sprachmodelle?)\\b(?=\\s*[,:!]|\\s(?:soll|muss|müss|hat |haben|die |der |das ))',
  ],
  [
    'role',
    0.5,
    `\\bdu bist (?:jetzt|nun|ab jetzt|ab sofort)\\b|\\b(?:ohne|keine) (?:einschränkungen|beschränkungen|filter)\\b|\\b(?:entwickler|wartungs|administrator|admin|debug)-?modus\\b`,
  ],
  [
    'secrecy',
    0.6,
    `\\b(?:sag|sage|sagen sie|verrate|erzähle?|informiere|melde|zeige|teile|erwähne|benachrichtige|frage)\\b${G}{0,50}\\b(?:nichts|nicht|niemandem|keinem)\\b|\\bohne (?:den|die|das|dem|rück|nach)\\s?(?:nutzer|benutzer|anwender|besitzer|frage|zufragen)\\w*|\\bohne (?:rückfrage|bestätigung|prüfung|freigabe|zustimmung|nachfrage)\\b|\\b(?:heimlich|unbemerkt|im geheimen|unauffällig)\\b|\\b(?:der |die )?(?:nutzer|benutzer|anwender)(?:in)? (?:darf|soll) (?:davon |es |das )?(?:nichts|nicht)\\b`,
  ],
  [
    'leak',
    0.6,
    `\\b(?:sende|sendest|schicke?|schicken|gib|geben|leite|übermittle|lade|poste|verrate|zeige|kopiere|nenne|drucke|veröffentliche|maile|füge|trage|hänge|übertrage|exportiere)\\b${G}{0,70}(?:passwör|passwort|zugangsdaten|kennwör|kennwort|api-?schlüssel|schlüssel|geheim|token|umgebungsvariablen|systemprompt|system-prompt|systemanweisung|unterhaltung|gesprächs|chatverlauf|kontakte|kundenliste|private[nr]? daten|daten des (?:nutz|benutz)|adressbuch|https?:\\/\\/|@[\\w-]+\\.\\w)`,
  ],
  [
    'deed',
    0.5,
    `\\b(?:überweise|lösche|schließe|schliesse|genehmige|kaufe|bezahle|bestätige|deaktiviere|schalte|storniere|erstatte|entferne)\\b${G}{0,40}\\b(?:alle|sämtliche|offenen|betrag|rechnung|konto|euro|zwei-faktor|sicherung|backup|prüfung|anfragen|tickets|bestellung)`,
  ],
  [
    'authority',
    0.5,
    '\\b(?:nachricht|anweisung|mitteilung|hinweis|anordnung)(?:en)? (?:vom|des|der|von der) (?:system|administrator|admin|entwickler|betreiber|sicherheits\\w*|geschäftsführ\\w*)|\\b(?:systemmeldung|systemnachricht|systemanweisung)\\s*:',
  ],
  [
    'ranking',
    0.6,
    `\\b(?:bewerte[tn]?|empfiehl|empfehle|empfehlt|empfehlen|bevorzuge|gib|setze|stufe)\\b${G}{0,50}\\b(?:bestnote|höchst\\w+|positiv|5 sterne|fünf sterne|beste[nrs]?|erste stelle|platz 1|ausschließlich|uneingeschränkt)|\\b(?:erwähn\\w*|nenn\\w*) (?:keine|nicht)\\b${G}{0,20}(?:mängel|schwächen|nachteile|fehler)`,
  ],
  [
    'memory',
    0.5,
    '\\b(?:ab jetzt|ab sofort|von nun an|fortan|künftig immer)\\b|\\bmerke? (?:dir|ihnen)\\b|\\bin (?:allen|jeder) (?:künftigen|zukünftigen|weiteren)\\b|\\bspeichere\\b[^.!?\\n]{0,40}(?:gedächtnis|dauerhaft)',
  ],
  [
    'reply',
    0.5,
    `\\b(?:antworte|antworten sie|schreibe|sage|gib)\\b${G}{0,20}\\b(?:nur|ausschließlich|mit|aus)\\s*[:"'»„]|\\b(?:sage|sag|teile|erkläre|empfiehl) (?:dem|der|den) (?:nutzer|benutzer|anwender|leser|kunden)|\\bbevor du (?:antwortest|fortfährst|weitermachst)`,
  ],
])
