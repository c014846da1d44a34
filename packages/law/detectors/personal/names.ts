/** Words that are in names of companies, teams and things, and not of persons. */
const NO_PERSON =
  /(?<!\p{L})(?:gmbh|inc|llc|ltd|limited|ag|kg|ohg|ug|se|plc|corp|corporation|co|company|bv|nv|srl|sarl|sas|spa|oy|ab|aps|pty|team|support|hotline|service|services|sales|office|department|dept|division|group|university|college|school|bank|hotel|hosting|hospital|clinic|foundation|institute|ministry|agency|studio|labs?|solutions|systems|software|technologies|project|example|test|release|build|version|server|database|list|page|report|table|index|street|road|avenue|market|shop|store|restaurant|café|museum|church|city|county|state|north|south|east|west|new|the|and|of|for|product|order|plan|user|admin|guest|customer|client|default|unknown|anonymous|string|name|null|undefined|bot|agent|system|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|july|august|september|october|november|december)(?!\p{L})/iu

/** Two to six words in capitals, with particles such as `van der` between them. */
const WESTERN =
  /^(?:(?:mr|mrs|ms|dr|prof|herr|frau|sr|sra|mme|mlle)\.? )?\p{Lu}[\p{L}'’.-]{0,30}(?: (?:de|del|da|do|dos|das|di|du|la|le|van|von|der|den|zu|ten|ter|bin|ibn|al|el|y|e|af|av)){0,3}(?: (?:de |van |von |al-|el-|d['’])?\p{Lu}[\p{L}'’.-]{0,30}){1,4}$/u
const ELSEWHERE = /^[\p{Lo}\p{Lm}]{1,12}(?:[ ·・\u3000][\p{Lo}\p{Lm}]{1,14}){0,3}$/u
const REVERSED = /^\p{Lu}[\p{L}'’-]{1,30}, \p{Lu}[\p{L}'’. -]{1,40}$/u

/** True for what is most likely the full name of a person. */
export function isFullName(value: string): boolean {
  const name = value.trim()
  if (name.length < 2 || name.length > 80 || /[\d@:/<>{}=]/.test(name) || NO_PERSON.test(name)) return false
  return WESTERN.test(name) || REVERSED.test(name) || (ELSEWHERE.test(name) && !/^\p{Lo}$/u.test(name))
}

/** True for what can be a name where a member says that it holds a person's. */
export const isNamePart = (value: string): boolean =>
  /^\p{L}[\p{L}\p{M}'’. ,-]{0,79}$/u.test(value.trim()) &&
  !/^(?:string|number|text|name|date|null|none|undefined|required|optional|varchar|true|false|unknown|anonymous|redacted|n\/a)$/i.test(
    value.trim(),
  )

/** Words before a name that are no part of it: `Call Jonas Weidner`. */
const BEFORE_NAME =
  /^(?:(?:please|pls|call|ring|text|ask|reach|contact|phone|mobile|tel|dear|hi|hello|to|for|from|with|or|name|recipient|deliver|ship|send|attn|bitte|an|von|bei|rufen|kontakt|empfänger|appeler|appelez|destinataire|llamar|llame|destinatario|bel|chiama|ontvanger|neighbou?r|landlord|tenant|patient|customer|guest|mom|dad)[.:]?\s+)+/iu
/** Words of places, offices and labels, also at the end of a compound: `Stadthalle Nord`, `Kings Cross`. */
const PLACES =
  /(?:zentrale|zentrum|halle|haus|bahnhof|museum|theater|theatre|kirche|schule|platz|stadion|apotheke|praxis|kanzlei|rathaus|verein|bibliothek|straße|strasse|gasse|dienst|stelle|leitung|nummer|buchhaltung|rezeption|empfang|hof|amt|burg|bad|park|bank|bahn|telekom|versicherung|werke?|kasse|haus)(?!\p{L})|(?<!\p{L})(?:cent(?:er|re|ro|rale?)|square|place|plaza|piazza|tower|house|hall|court|mall|gallery|station|airport|gate|bridge|castle|palace|cathedral|stadium|arena|bar|pub|club|library|pharmacy|practice|embassy|consulate|cross|floor|suite|room|unit|apartment|flat|box|phone|telephone|number|mobile|fax|press|media|emergency|care|desk|reception|hotline|head|manager|director|chair|board|line|main|front|back|toll|free|call|contact|contacts|contato|contacto|accueil|urgences?|police|fire|ambulance|taxi|notruf|kontakt|home|work|private|direct|general|public|international|national|royal|air|airlines?|railways?|deutsche[rns]?|british|american|european|united|federal|banco|banque|banca|cr[ée]dit|telecom|insurance|rotes|rote|kreuz|red|croix|cruz|croce|suicide|poison|crisis|helpline|lifeline|control|prevention|rescue|clínica|clinique|klinik|clerk|information|licensing|products|data|api|http|url|code|number|zip|postal|post|address|date|time|total|price|amount|invoice|reference|account|tracking|parcel|delivery|shipping|billing|best|kind|regards|thanks|thank|sincerely|yours|dear|our|your|my|his|her|this|that|these|in|on|at|is|if|mon|tue|wed|thu|fri|sat|sun)(?!\p{L})/iu

/** The full name of a person in what stands beside a number or an address, without the words before it. */
export function personIn(text: string): string | undefined {
  const name = text.trim().replace(BEFORE_NAME, '').trim()
  return isFullName(name) && /\p{L}{2}/u.test(name) && !PLACES.test(name) ? name : undefined
}
