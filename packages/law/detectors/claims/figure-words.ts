/** Words for numbers and dates in some languages of Europe, in lower case. */
type Table = ReadonlyArray<readonly [number, string]>

const valuesOf = (table: Table): ReadonlyMap<string, number> =>
  new Map(table.flatMap(([value, words]) => words.split(' ').map((word) => [word, value] as const)))

/** Without `one` and its like, which are articles and pronouns too. */
export const NUMBER_WORDS = valuesOf([
  [2, 'two zwei deux dos due both twice'],
  [3, 'three drei trois tres tre'],
  [4, 'four vier quatre cuatro'],
  [5, 'five fünf cinq cinco'],
  [6, 'six sechs seis'],
  [7, 'seven sieben sept siete'],
  [8, 'eight acht huit ocho'],
  [9, 'nine neun neuf nueve'],
  [10, 'ten zehn dix diez decade'],
  [11, 'eleven elf onze once'],
  [12, 'twelve zwölf douze doce dozen dutzend'],
  [13, 'thirteen dreizehn treize trece'],
  [14, 'fourteen vierzehn quatorze catorce'],
  [15, 'fifteen fünfzehn quinze quince'],
  [16, 'sixteen sechzehn seize'],
  [17, 'seventeen siebzehn'],
  [18, 'eighteen achtzehn'],
  [19, 'nineteen neunzehn'],
  [20, 'twenty zwanzig vingt veinte'],
  [30, 'thirty dreißig trente treinta'],
  [40, 'forty vierzig quarante cuarenta'],
  [50, 'fifty fünfzig cinquante cincuenta half hälfte halb moitié mitad'],
  [60, 'sixty sechzig soixante sesenta'],
  [70, 'seventy siebzig setenta'],
  [80, 'eighty achtzig ochenta'],
  [90, 'ninety neunzig noventa'],
  [100, 'hundred hundert cent cien century'],
  [1000, 'thousand tausend mille mil'],
])

/** Words whose number a claim is not held to, because they are vague, or ordinary words of another language. */
export const LOOSE_NUMBER_WORDS: ReadonlySet<string> = new Set(
  `both twice once elf dos due tre tres dix seize quince dozen dutzend decade century half hälfte halb moitié mitad hundred
  hundert cent cien thousand tausend mille mil sept acht neuf six onze seis treize`.split(/\s+/),
)

export const MONTHS = valuesOf([
  [1, 'january januar janvier enero jan'],
  [2, 'february februar février febrero feb'],
  [3, 'march märz mars marzo mar mär'],
  [4, 'april avril abril apr'],
  [5, 'may mai mayo'],
  [6, 'june juni juin junio jun'],
  [7, 'july juli juillet julio jul'],
  [8, 'august août agosto aug'],
  [9, 'september septembre septiembre sept sep'],
  [10, 'october oktober octobre octubre oct okt'],
  [11, 'november novembre noviembre nov'],
  [12, 'december dezember décembre diciembre dec dez'],
])

/** Months that are also ordinary words or names of people; a claim is held to them only beside a number. */
export const LOOSE_MONTHS: ReadonlySet<string> = new Set(
  'may march mars mar mai jan april june juni jun august sept sep dec nov oct apr'.split(' '),
)

export const WEEKDAYS = valuesOf([
  [1, 'monday mondays montag montags lundi'],
  [2, 'tuesday tuesdays dienstag dienstags mardi'],
  [3, 'wednesday wednesdays mittwoch mittwochs mercredi'],
  [4, 'thursday thursdays donnerstag donnerstags jeudi'],
  [5, 'friday fridays freitag freitags vendredi'],
  [6, 'saturday saturdays samstag samstags samedi'],
  [7, 'sunday sundays sonntag sonntags dimanche'],
])

/** What multiplies the number before it. */
export const SCALES: ReadonlyMap<string, number> = valuesOf([
  [1e3, 'thousand tausend mille mil k'],
  [1e6, 'million millions millionen mio mn'],
  [1e9, 'billion billions milliarde milliarden milliard milliards bn mrd'],
])

/** What measures mean, by the words and signs for them. */
export const UNITS: ReadonlyMap<string, string> = new Map(
  [
    '% percent prozent pourcent',
    '‰ permille promille',
    'mg milligram milligrams milligramm milligramme milligrammes',
    'µg μg mcg microgram micrograms mikrogramm',
    'g gram grams gramm gramme grammes',
    'kg kilogram kilograms kilogramm kilogrammes kilo kilos',
    't ton tons tonne tonnen tonnes',
    'mm millimetre millimetres millimeter millimeters',
    'cm centimetre centimetres centimeter centimeters zentimeter',
    'm metre metres meter meters mètre mètres',
    'km kilometre kilometres kilometer kilometers kilomètres',
    'mile miles meile meilen',
    'ml millilitre millilitres milliliter milliliters',
    'l litre litres liter liters',
    'second seconds sekunde sekunden',
    'minute minutes minuten',
    'hour hours stunde stunden heure heures',
    'day days tag tage tagen jour jours',
    'week weeks woche wochen semaine semaines',
    'month months monat monate monaten mois',
    'year years jahr jahre jahren ans année années',
    '€ eur euro euros',
    '$ usd dollar dollars',
    '£ gbp pound pounds',
  ].flatMap((words) => words.split(' ').map((word) => [word, words] as const)),
)
