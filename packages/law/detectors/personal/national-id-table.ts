import { iin, luhn, medicare, myNumber, nhsNumber, nik, nric, snils, taj } from './checksums.ts'

/** One country's number of a person. */
export interface NationalId {
  kind: string
  /** Module of stdnum that checks it, or a check of our own; absent where the number has nothing to check. */
  check?: string | ((compact: string) => boolean)
  shape: RegExp
  /** Words for it, near which a number of this shape counts. */
  label: RegExp
  /** The shape in which it counts by itself. */
  free?: RegExp
}

const shaped = (source: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d_.,/+-])(?:${source})(?![\\p{L}\\d_]|[.,/-]\\d)`, 'gu')
const labelled = (source: string): RegExp => new RegExp(`(?<!\\p{L})(?:${source})(?!\\p{L})`, 'iu')

function id(kind: string, check: NationalId['check'], shape: string, label: string, free?: string): NationalId {
  const row = { kind, shape: shaped(shape), label: labelled(label), ...(free ? { free: shaped(free) } : {}) }
  return check === undefined ? row : { ...row, check }
}

const D11 = '\\d{11}'
const D13 = '\\d{13}'

const EUROPE: readonly NationalId[] = [
  id(
    'British national insurance number',
    'gb/nino',
    '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
    'national insurance|nino|n\\.?i\\.? (?:number|no)',
    '[A-Z]{2} \\d{2} \\d{2} \\d{2} [A-D]',
  ),
  id('British NHS number', nhsNumber, '\\d{3}[ -]?\\d{3}[ -]?\\d{4}', 'nhs(?: number| no)?'),
  id(
    'German tax number',
    'de/idnr',
    '\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}',
    'steuer-?id(?:nr|entifikationsnummer)?|steuernummer|idnr|steuerliche identifikationsnummer|identifikationsnummer|tax id|(?-i:TIN)',
  ),
  id(
    'German insurance number',
    'de/svnr',
    '\\d{2} ?\\d{6} ?[A-Z] ?\\d{3}',
    'sozialversicherungs(?:nummer|nr)|rentenversicherungsnummer|rvnr|sv-?nr|sv-?nummer|versicherungsnummer',
    '\\d{2} ?\\d{6} ?[A-Z] ?\\d{3}',
  ),
  id(
    'French insurance number',
    'fr/nir',
    '[1278] ?\\d{2} ?\\d{2} ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}',
    's[ée]curit[ée] sociale|(?-i:NIR)|n° ?s[ée]cu|insee|num[ée]ro s[ée]cu',
    '[12] ?\\d{2} ?(?:0\\d|1[0-2]) ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}',
  ),
  id(
    'Italian tax code',
    'it/codicefiscale',
    '[A-Za-z]{6}\\d{2}[A-Za-z]\\d{2}[A-Za-z]\\d{3}[A-Za-z]',
    'codice fiscale|(?-i:C\\.?F\\.?)',
    '[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]',
  ),
  id(
    'Spanish identity number',
    'es/dni',
    '\\d{2}\\.?\\d{3}\\.?\\d{3}-?[A-Za-z]',
    'dni|nif|documento nacional(?: de identidad)?|d\\.n\\.i\\.?',
  ),
  id('Spanish foreigner number', 'es/nie', '[XYZxyz]-?\\d{7}-?[A-Za-z]', 'nie|extranjer[oa]s?|n\\.i\\.e\\.?'),
  id('Portuguese tax number', 'pt/nif', '[123]\\d{2} ?\\d{3} ?\\d{3}', 'nif|contribuinte|identificação fiscal'),
  id('Dutch citizen number', 'nl/bsn', '\\d{9}|\\d{4}[. ]\\d{2}[. ]\\d{3}', 'bsn|burgerservicenummer|sofi-?nummer'),
  id(
    'Belgian national number',
    'be/nn',
    '\\d{2}\\.?\\d{2}\\.?\\d{2}[- ]?\\d{3}[. ]?\\d{2}',
    'rijksregister(?:nummer)?|registre national|national register|nrn|insz|niss|rrn|num[ée]ro national',
    '\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}',
  ),
  id(
    'Swiss insurance number',
    'ch/ssn',
    '756[. ]?\\d{4}[. ]?\\d{4}[. ]?\\d{2}',
    'ahv(?:-?n(?:umme)?r)?|(?-i:AVS)|sozialversicherungsnummer',
    '756\\.\\d{4}\\.\\d{4}\\.\\d{2}',
  ),
  id(
    'Austrian insurance number',
    'at/vnr',
    '\\d{4} ?\\d{6}',
    'sozialversicherungsnummer|sv-?nr|svnr|versicherungsnummer|vsnr|sv-?nummer',
  ),
  id('Polish identity number', 'pl/pesel', D11, 'pesel'),
  id(
    'Czech birth number',
    'cz/rc',
    '\\d{6}/?\\d{3,4}',
    'rodn[ée] [čc][íi]slo|birth number|rč|r\\.č\\.',
    '\\d{6}/\\d{4}',
  ),
  id('Slovak birth number', 'sk/rc', '\\d{6}/?\\d{3,4}', 'rodn[ée] [čc][íi]slo|birth number|rč|r\\.č\\.'),
  id(
    'Swedish personal number',
    'se/personnummer',
    '(?:19|20)?\\d{6}[-+]?\\d{4}',
    'personnummer|personal number|samordningsnummer|pnr',
    '(?:19|20)\\d{6}-\\d{4}',
  ),
  id('Norwegian birth number', 'no/fodselsnummer', '\\d{6} ?\\d{5}', 'f[øo]dselsnummer|personnummer|d-nummer|fnr'),
  id('Danish citizen number', 'dk/cpr', '\\d{6}[- ]?\\d{4}', 'cpr(?:-?n(?:ummer|r))?|personnummer'),
  id(
    'Finnish personal code',
    'fi/hetu',
    '\\d{6}[-+A-FU-Ya-fu-y]\\d{3}[0-9A-Ya-y]',
    'henkilötunnus|hetu|personbeteckning|personal (?:identity )?code',
    '[0-3]\\d[01]\\d{3}[-+A-FU-Y]\\d{3}[0-9A-Y]',
  ),
  id('Icelandic identity code', 'is/kennitala', '\\d{6}-?\\d{4}', 'kennitala|(?-i:KT)'),
  id('Estonian personal code', 'ee/ik', D11, 'isikukood|personal code'),
  id('Lithuanian personal code', 'lt/asmens', D11, 'asmens kodas|personal code'),
  id('Latvian personal code', 'lv/pvn', '\\d{6}-?\\d{5}', 'personas kods|personal code'),
  id('Romanian personal code', 'ro/cnp', D13, 'cnp|cod numeric personal'),
  id('Bulgarian personal code', 'bg/egn', '\\d{10}', 'егн|egn'),
  id('Croatian personal number', 'hr/oib', D11, 'oib'),
  id('Serbian citizen number', 'rs/jmbg', D13, 'jmbg|јмбг|em[šs]o|embg|ембг|mati[čc]ni broj'),
  id('Greek insurance number', 'gr/amka', D11, 'amka|αμκα'),
  id('Irish public service number', 'ie/pps', '\\d{7}[A-W][A-IW]?', 'pps(?:n| number| no)?'),
  id('Hungarian insurance number', taj, '\\d{3}[ -]?\\d{3}[ -]?\\d{3}', '(?-i:TAJ)(?:[- ]?sz[áa]m)?'),
  id('Turkish identity number', 'tr/tckimlik', D11, 't\\.?c\\.? ?kimlik(?: no)?|tckn|kimlik(?: no| numarası)?'),
  id('Russian tax number', 'ru/inn', '\\d{12}', 'инн|(?-i:INN)'),
  id(
    'Russian insurance number',
    snils,
    '\\d{3}-?\\d{3}-?\\d{3}[- ]?\\d{2}',
    'снилс|snils',
    '\\d{3}-\\d{3}-\\d{3} \\d{2}',
  ),
  id('Russian passport', undefined, '\\d{2} ?\\d{2} \\d{6}', 'паспорт(?:а|ные)?(?: рф)?'),
  id('Ukrainian tax number', 'ua/rntrc', '\\d{10}', 'рнокпп|іпн|ипн|rnokpp'),
]

const AMERICAS: readonly NationalId[] = [
  id(
    'US social security number',
    'us/ssn',
    '\\d{3}[- ]?\\d{2}[- ]?\\d{4}',
    'ssn|social security(?: number| no)?|socialsecurity(?:number)?',
    '(?!123-45-6789)\\d{3}-\\d{2}-\\d{4}',
  ),
  id(
    'Canadian insurance number',
    'ca/sin',
    '\\d{3}[- ]?\\d{3}[- ]?\\d{3}',
    '(?-i:SIN)|social insurance(?: number)?|assurance sociale',
  ),
  id(
    'Brazilian taxpayer number',
    'br/cpf',
    '\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}',
    'cpf',
    '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}',
  ),
  id(
    'Mexican population key',
    'mx/curp',
    '[A-Z]{4}\\d{6}[HMX][A-Z]{5}[A-Z0-9]\\d',
    'curp',
    '[A-Z]{4}\\d{6}[HM][A-Z]{5}[A-Z0-9]\\d',
  ),
  id('Mexican tax number', 'mx/rfc', '[A-ZÑ&]{4}\\d{6}[A-Z0-9]{3}', 'rfc'),
  id('Argentine tax number', 'ar/cuit', '2[0347]-?\\d{8}-?\\d', 'cuil|cuit', '2[0347]-\\d{8}-\\d'),
  id('Argentine identity number', 'ar/dni', '\\d{1,2}\\.?\\d{3}\\.?\\d{3}', 'dni'),
  id(
    'Chilean identity number',
    'cl/run',
    '\\d{1,2}\\.?\\d{3}\\.?\\d{3}-[\\dKk]',
    '(?-i:RUT|RUN)',
    '[1-4]?\\d\\.\\d{3}\\.\\d{3}-[\\dKk]',
  ),
  id('Uruguayan identity number', 'uy/cedula', '\\d\\.?\\d{3}\\.?\\d{3}-?\\d', 'c[ée]dula|(?-i:C\\.?I\\.?)'),
  id('Ecuadorian identity number', 'ec/ci', '\\d{10}', 'c[ée]dula|(?-i:C\\.?I\\.?)'),
  id('Dominican identity number', 'do/cedula', '\\d{3}-?\\d{7}-?\\d', 'c[ée]dula'),
  id('Colombian identity number', undefined, '\\d{1,3}(?:\\.?\\d{3}){2,3}', 'c[ée]dula(?: de ciudadan[íi]a)?'),
  id('Peruvian identity number', 'pe/cui', '\\d{8}(?:-?\\d)?', 'dni'),
]

const ASIA: readonly NationalId[] = [
  id(
    'Chinese identity number',
    'cn/ric',
    '\\d{17}[\\dXx]',
    '身份证(?:号码?)?|居民身份证|resident id',
    '[1-9]\\d{5}(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dXx]',
  ),
  id(
    'Korean registration number',
    'kr/rrn',
    '\\d{6}-?\\d{7}',
    '주민등록번호|주민번호|rrn|resident registration',
    '\\d{2}[01]\\d[0-3]\\d-[1-8]\\d{6}',
  ),
  id('Japanese individual number', myNumber, '\\d{4}[ -]?\\d{4}[ -]?\\d{4}', 'マイナンバー|個人番号|my ?number'),
  id('Taiwanese identity number', 'tw/natid', '[A-Z][1289]\\d{8}', '身分證(?:字號)?|taiwan(?:ese)? id'),
  id(
    'Hong Kong identity card',
    'hk/hkid',
    '[A-Z]{1,2}\\d{6}\\(?[\\dA]\\)?',
    'hkid|身份證(?:號碼)?|hong kong id',
    '[A-Z]{1,2}\\d{6}\\([\\dA]\\)',
  ),
  id('Singaporean identity card', nric, '[STFGM]\\d{7}[A-Z]', 'nric|(?-i:FIN)|ic (?:number|no)'),
  id(
    'Malaysian identity card',
    'my/nric',
    '\\d{6}-?\\d{2}-?\\d{4}',
    'nric|mykad|ic (?:number|no)',
    '\\d{6}-\\d{2}-\\d{4}',
  ),
  id(
    'Thai identity number',
    'th/idnr',
    '\\d[- ]?\\d{4}[- ]?\\d{5}[- ]?\\d{2}[- ]?\\d',
    'เลข(?:ที่)?(?:ประจำตัว|บัตร)ประชาชน|บัตรประชาชน|thai id',
    '\\d-\\d{4}-\\d{5}-\\d{2}-\\d',
  ),
  id('Indonesian identity number', nik, '\\d{16}', '(?-i:NIK|KTP)'),
  id('Vietnamese identity number', undefined, '0\\d{11}', 'cccd|căn cước(?: công dân)?'),
  id('Indian Aadhaar number', 'in/aadhaar', '\\d{4}[ -]?\\d{4}[ -]?\\d{4}', 'aadha?ar|uidai|आधार'),
  id('Indian tax number', 'in/pan', '[A-Z]{3}P[A-Z]\\d{4}[A-Z]', '(?-i:PAN)|permanent account number'),
  id('Pakistani identity number', 'pk/cnic', '\\d{5}-?\\d{7}-?\\d', 'cnic|(?-i:NIC)', '\\d{5}-\\d{7}-\\d'),
  id('Kazakh individual number', iin, '\\d{12}', 'иин|жсн|iin'),
  id(
    'Israeli identity number',
    'il/idnr',
    '\\d{9}',
    'teudat zehut|mispar zehut|תעודת זהות|ת\\.?ז\\.?|מספר זהות|israeli id',
  ),
  id('Emirati identity number', luhn, '784-?\\d{4}-?\\d{7}-?\\d', 'emirates id|الهوية', '784-\\d{4}-\\d{7}-\\d'),
]

const ELSEWHERE: readonly NationalId[] = [
  id('Australian tax file number', 'au/tfn', '\\d{3} ?\\d{3} ?\\d{2,3}', 'tfn|tax file(?: number)?'),
  id('Australian Medicare number', medicare, '\\d{4} ?\\d{5} ?\\d', 'medicare(?: number| card)?'),
  id('New Zealand tax number', 'nz/ird', '\\d{2,3}[- ]?\\d{3}[- ]?\\d{3}', '(?-i:IRD)(?: number)?'),
  id('South African identity number', 'za/idnr', '\\d{6} ?\\d{4} ?\\d{3}', 'south african id|sa id|rsa id'),
  id(
    'passport number',
    undefined,
    '[A-Z]{1,2}\\d{6,8}|\\d{9}|[CFGHJKLMNPRTVWXYZ](?=[A-Z0-9]{0,6}\\d)[CFGHJKLMNPRTVWXYZ0-9]{8}|\\d{2}[A-Z]{2}\\d{5}',
    'passport(?: number| no)?|passeport|pasaporte|passaporto|reisepass(?:nummer)?|paspoort|pasnummer|паспорт|护照(?:号码?)?|護照|旅券番号|パスポート|여권',
  ),
  id(
    'identity card number',
    undefined,
    '[A-Z0-9]{0,3}(?=[A-Z0-9]*\\d)[CFGHJKLMNPRTVWXYZ0-9]{8}',
    'personalausweis(?:nummer)?|ausweis(?:nummer|nr)',
  ),
  id(
    'driving licence',
    undefined,
    '(?=(?:[A-Z]*\\d){5})[A-Z0-9]{7,18}',
    "driv(?:er|ing)(?:'?s)? licen[cs]e(?: number| no)?|führerschein(?:nummer)?|permis de conduire|rijbewijs|carnet de conducir",
  ),
]

export const NATIONAL_IDS: readonly NationalId[] = [...EUROPE, ...AMERICAS, ...ASIA, ...ELSEWHERE]
