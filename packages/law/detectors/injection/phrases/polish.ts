import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in Polish. */
export const POLISH = foreignPhrases([
  [
    'override',
    1,
    `(?<!(?:możesz|można|mogą|możecie|nie) )(?:zignoruj\\w*|ignoruj\\w*|zapomnij\\w*|pomiń\\w*|odrzuć\\w*|porzuć\\w*|nie (?:zważaj na|stosuj się do|przestrzegaj|wykonuj)|anuluj\\w*|unieważnij)\\s+(?:o\\s+)?(?:(?:wszystkie|wszystkich|wszelkie|wszelkich|swoje|swoich|twoje|twoich|te|tych|poprzednie|poprzednich|wcześniejsze|wcześniejszych|dotychczasowe|dotychczasowych|powyższe|powyższych|obecne|i|oraz|inne|otrzymane)\\s+){1,6}(?:\\w+\\s+)?(?:instrukcj\\w+|polece\\w+|wytyczn\\w+|zasad\\w*|wskazów\\w+|rozkaz\\w+|dyrektyw\\w*|nakaz\\w+|reguł\\w*)(?!\\s+(?:z|na|dotyczące|w)\\s)`,
  ],
  [
    'override',
    0.8,
    'zapomnij (?:o )?wszystk(?:o|im), co|now(?:e|a|y) (?:instrukcj\\w+|polece\\w+|zadani\\w+|wytyczn\\w+)(?: dla [^.:\\n]{1,30})?\\s*:',
  ],
  [
    'address',
    0.5,
    '(?:do|dla|drog[ia]|uwaga|szanown[ya]|notatka dla|wiadomość (?:do|dla)),?\\s+(?:(?:wszystkich|każdego|każdej|tego|twojego)\\s+)?(?:ai\\b|si\\b|sztucznej inteligencji|asystent\\w*|agent\\w* ai|model\\w* językow\\w+|llm\\w*|chatbot\\w*|bot\\w*)|jeśli jesteś (?:\\w+ )?(?:ai\\b|asystent\\w*|agent\\w*|model\\w*|llm|bot\\w*|chatbot\\w*|sztuczn\\w+)|(?:asystent\\w* (?:ai|si)|agent\\w* ai|model\\w* językow\\w+)\\b(?=\\s*[,:!]|\\s(?:musi|powin|ma\\b|czyta|przetwarza))|jako (?:ai|asystent ai|model językowy)',
  ],
  [
    'role',
    0.5,
    '(?:jesteś teraz|teraz jesteś|od teraz jesteś|od tej (?:chwili|pory) jesteś)|bez (?:żadnych )?(?:ograniczeń|filtrów|limitów)|tryb(?:ie)? (?:deweloper\\w+|programist\\w+|administrator\\w+|serwisow\\w+)',
  ],
  [
    'secrecy',
    0.6,
    `nie (?:mów|wspominaj|informuj|powiadamiaj|ujawniaj|zdradzaj|pytaj|pokazuj|zgłaszaj|ostrzegaj|wspomnij)\\w*${G}{0,40}|bez (?:wiedzy|pytania|potwierdzenia|zgody|informowania|powiadamiania|weryfikacji|zatwierdzenia)|potajemnie|w tajemnicy|po cichu|dyskretnie`,
  ],
  [
    'leak',
    0.6,
    `(?:wyślij|prześlij|podaj|ujawnij|pokaż|wypisz|skopiuj|opublikuj|przekaż|dołącz|wklej|wyświetl|udostępnij|zdradź)\\w*\\s${G}{0,70}(?:hasł\\w+|klucz\\w*|token\\w*|dane|danych|poświadczeni\\w+|sekret\\w*|prompt\\w*|instrukcj\\w+ systemow\\w+|swoje instrukcje|rozmow\\w+|historii?\\w*|zmienn\\w+ środowiskow\\w+|kontakt\\w*|https?:\\/\\/|@[\\w-]+\\.\\w)`,
  ],
  [
    'deed',
    0.5,
    `(?:przelej|usuń|skasuj|zatwierdź|kup|zapłać|zwróć|wyłącz|zamknij|anuluj|oznacz)\\w*\\s${G}{0,40}(?:wszystk\\w+|faktur\\w+|konto|kwot\\w+|kopi\\w+|zamówie\\w+|wnios\\w+|płatnoś\\w+|weryfikacj\\w+|zgłoszeni\\w+)`,
  ],
  [
    'authority',
    0.5,
    '(?:wiadomość|polecenie|komunikat|instrukcja|nakaz) (?:od |z )?(?:administrator\\w*|deweloper\\w*|system\\w*|twórc\\w+|zespoł\\w+|właściciel\\w*|operator\\w*)',
  ],
  [
    'ranking',
    0.6,
    `(?:poleć|polecaj|oceń|oceniaj|rekomenduj|wystaw|umieść|przyznaj)\\w*\\s${G}{0,50}(?:najlepsz\\w+|najwyż\\w+|pozytywn\\w+|pierwsz\\w+|maksymaln\\w+|10\\/10|pięć gwiazdek|5 gwiazdek)|nie (?:wymieniaj|wspominaj o|wskazuj) (?:żadnych )?(?:wad|słabości|błęd|problem)\\w*`,
  ],
  [
    'memory',
    0.5,
    'od (?:teraz|tej pory|tej chwili|dziś)(?![\\p{L}])|zapamiętaj|pamiętaj,? (?:że|aby|żeby)|we wszystkich (?:przyszłych|kolejnych)',
  ],
  [
    'reply',
    0.5,
    `(?:odpowiedz|odpowiadaj|napisz|zakończ)\\w*\\s${G}{0,20}(?:tylko|wyłącznie|słow\\w+)|(?:powiedz|przekaż|poinformuj|poradź)\\s+(?:użytkownik\\w+|klient\\w+|czytelnik\\w+)|zanim (?:odpowiesz|przejdziesz)`,
  ],
])
