import { hasStem, stemsOf } from '../../facts/words.ts'

/** What a member of a record about a person holds. */
export type FieldSort =
  | 'name'
  | 'person'
  | 'email'
  | 'phone'
  | 'address'
  | 'birth'
  | 'health'
  | 'private'
  | 'place'
  | 'company'

const WHOSE =
  '(?:customers?|clients?|users?|patients?|employees?|guests?|members?|home|work|private|billing|shipping|delivery|contacts?|primary|main|owners?|persons?|personal|recipients?|emergency|students?|applicants?|passengers?|tenants?|residential|postal|mailing|current|last known|subscriber|donor|kunden?|mitarbeiter|patienten?)'

const sorted = (source: string): RegExp => new RegExp(`^(?:${WHOSE} ?)?(?:${source})(?: ?\\d)?$`, 'iu')

/** First letters of all the words below. */
const STEMS = stemsOf(
  'acco acht ad addr adr adre aika alle ansc apel appl azie bday befu bene bill birt bloo blut born bran busi call card cell celu clie code cogn comp cond cont coor corr cour cred crim curr cust d dat data date datu days deli diag dire disa dise dob domi dono driv e efte eink elec else emai emer empl empr ende enfe entr erkr ethn ette fami fax fech fing firm firs fn fono fore forn full geb gebo gebu geha geo gitu give gps grou gues hand heal hist hiv hold home hote hous iban ic icd id ien ies illn imi inco indi insu isim itud jm kart know konf kran kund lab lakc last lat lati leav lega line lng loca lon long maid mail main mala manu mari medi mein memb ment merc midd mita mobi moth n naam nach naci nais name namn naro nasc nati navn nazw net nico nimi no nom nomb nome noms note nr numb numm opin oren org orga orie osoi owne part pass pati paye pers phon plac poli port post preg pres prim priv publ puhe race reas reci reco reli resi rest resu ride rigk rnam runn sala sang scor secu sels sexu ship shop sick sobr soci soya ssn staa stat stic stor stra stre stud subj subs supp sur surn symp synt tag tari tax tel tele tena ther titu trad trav trea type unio unte urod user vacc vend vers view voor vor vorn what wohn work wort',
)

/** By the words of the name, in the languages that forms are most often in. */
const SORTS: ReadonlyArray<[FieldSort, RegExp]> = [
  [
    'email',
    sorted('e ?mails?|mail|e ?mail ?adress?e?|e ?mail address|correo(?: electr[óo]nico)?|courriel|адрес почты|メール'),
  ],
  [
    'birth',
    sorted(
      'birth ?dates?|dates? ?of ?birth|d\\.?o\\.?b\\.?|born(?: on)?|birth ?days?|bday|geburts ?(?:datum|tag)|geb(?:oren|\\.)?(?: am)?|(?:date ?(?:de ?)?)?naissance|n[ée]e? le|(?:fecha ?(?:de ?)?)?nacimiento|(?:data ?(?:de ?)?)?nascimento|(?:data ?(?:di ?)?)?nascita|geboorte ?datum|f[öø]d(?:else|sels)?(?: ?dat(?:um|o))?|syntymäaika|data ?urodzenia|datum ?narozen[íi]|дата ?рождения|doğum ?tarihi|生年月日|出生日期|생년월일|تاريخ الميلاد',
    ),
  ],
  [
    'phone',
    sorted(
      'phones?(?: ?(?:number|no|nr))?|tel\\.?|telephone(?: ?number)?|telefon(?: ?nummer)?|t[ée]l[ée]phone|tel[ée]fono|telefone|telefoon(?: ?nummer)?|mobile?(?: ?(?:phone|number|no))?|cell(?: ?phone)?|handy(?: ?nummer)?|m[óo]vil|celular|cellulare|portable|puhelin|whatsapp|fax|телефон|電話(?:番号)?|电话|手机(?:号码?)?|전화(?:번호)?|هاتف',
    ),
  ],
  [
    'address',
    sorted(
      'address(?:es)?(?: ?line)?|street(?: ?address)?|home ?address|adresse|anschrift|stra(?:ss|ß)e|wohnort|direcci[óo]n|domicilio|calle|indirizzo|endere[çc]o|adres|adress|osoite|lakcím|адрес|住所|地址|주소|adr|العنوان',
    ),
  ],
  [
    'health',
    sorted(
      'diagnos[ie]s|diagnosen?|diagn[óo]stico|diagnostic|icd ?(?:9|10|11)?(?: ?codes?)?|medications?|medikation|medikamente|prescriptions?|allerg(?:y|ies|ien)|blood ?(?:type|group)|blutgruppe|groupe sanguin|hiv(?: ?status)?|disabilit(?:y|ies)|symptom(?:s|e)?|treatments?|therap(?:y|ies|ie)|lab ?results?|vaccinations?|pregnan(?:t|cy)|mental ?health|befund|(?:vor)?erkrankung(?:en)?|krankheit(?:en)?|illness(?:es)?|diseases?|medical ?(?:history|conditions?|record|notes?)|health ?(?:conditions?|status|record)|conditions|sick ?leave(?: ?reason)?|enfermedad(?:es)?|maladies?|診断|病名|诊断',
    ),
  ],
  [
    'private',
    sorted(
      'salary|gehalt|income|einkommen|net ?worth|credit ?score|religion|konfession|ethnicity|race|sexual ?orientation|political ?(?:views?|party|opinion)|union ?member(?:ship)?|criminal ?record|fingerprint|marital ?status|familienstand|nationality|staatsangehörigkeit|place ?of ?birth|geburtsort|maiden ?name|mother ?s ?maiden ?name|ssn|social ?security(?: ?(?:number|no))?|national ?id|passport(?: ?(?:number|no))?|tax ?id|iban',
    ),
  ],
  ['place', /^(?:lat(?:itude)?|lon(?:gitude)?|lng|gps|coordinates?|coords|geo ?location)$/iu],
  [
    'company',
    /^(?:company|organi[sz]ation|org|firma|unternehmen|empresa|entreprise|azienda|vendor|supplier|business|merchant|store|shop|brand|manufacturer|legal|trading|hotel|restaurant|publisher)(?: ?names?)?$/iu,
  ],
  [
    'person',
    sorted(
      'full ?names?|first ?names?|last ?names?|given ?names?|family ?names?|sur ?names?|fore ?names?|middle ?names?|vornamen?|nachnamen?|familiennamen?|pr[ée]noms?|apellidos?|sobrenome|cognome|achternaam|voornaam|nazwisko|imi[ęe]|efternamn|förnamn|fornavn|etternavn|(?:card|account)? ?holder(?: ?name)?|titular|patient(?: ?name)?|customer(?: ?name)?|client(?: ?name)?|employee(?: ?name)?|member(?: ?name)?|guest(?: ?name)?|student(?: ?name)?|runner|driver|rider|passenger|resident|applicant|insured|beneficiary|payee|traveller|subscriber(?: ?name)?|person(?: ?name)?|contact ?name|kunde|mitarbeiter|versicherter?|karteninhaber|fn|фамилия|имя|фио|氏名|姓名|名前|이름|성명|الاسم',
    ),
  ],
  ['name', sorted('names?|nome|nombre|nom|namn|navn|naam|isim|ad soyad|nimi|név|jméno|име|usern?|subject|user')],
]

/** What a member of this name holds about a person, if anything. */
export function fieldSort(name: string): FieldSort | undefined {
  if (name.length > 60 || name.length < 2 || !hasStem(name, STEMS)) return undefined
  const words = name
    .replace(/;.*$/, '')
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_.:\s*"'-]+/g, ' ')
    .trim()
  return SORTS.find(([, pattern]) => pattern.test(words))?.[0]
}
