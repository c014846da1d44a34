import type { PhraseBook } from '../signal.ts'
import { ELSEWHERE, stemPhrases } from './stems.ts'

const AI = 'ai\\b|ai[- ]\\p{L}+|llm\\b|chat ?bot|bots?\\b|gpt\\b|claude\\b|copilot\\b'

/** Languages that are written in Latin letters, each with a quick test for words without which none of its strong phrases can occur. */
export const LATIN_LANGUAGES: ReadonlyArray<{ gate: RegExp; books: readonly PhraseBook[] }> = [
  {
    gate: /negeer|vergeet|opdracht|instructies|assistent|gebruiker|wachtwoord|taalmodel/i,
    books: [
      stemPhrases({
        drop: '\\b(?:negeer|vergeet|sla|trek je niets aan van|volg niet)\\b',
        notDrop: 'niet|nooit',
        earlier: '\\b(?:alle|vorige|eerdere|voorgaande|bovenstaande|jouw|je|uw)\\b',
        orders:
          '(?:instructies|opdrachten|aanwijzingen|regels|bevelen|richtlijnen|prompts?)\\b(?! op| in| van de| voor)',
        received:
          '\\b(?:instructies|opdrachten|regels) (?:die je (?:hebt )?(?:eerder )?(?:hebt )?(?:gekregen|kreeg)|gelden niet (?:meer|langer))',
        agent: `${AI}|assistent|agent|taalmodel`,
        to: '\\b(?:aan|voor|beste|hallo|let op|bericht aan)',
        ifYou: '\\b(?:als|indien|wanneer) (?:je|u|jij)\\b|\\b(?:ben je|bent u)\\b',
        deeds:
          '\\b(?:geef|zet|kies|schrijf|zeg|zwijg|antwoord|verwijder|wis|stuur|betaal|keur|maak|voer|installeer|voeg|publiceer|upload|verander|schakel|open)\\b',
        send: '\\b(?:stuur|verstuur|mail|upload|deel|toon|geef|kopieer|plaats|onthul)\\b',
        secrets: `wachtwoord|sleutel|token|inloggegevens|geheim|gesprek|contacten|klantenlijst|systeemprompt|${ELSEWHERE}`,
        silent:
          '\\b(?:zwijg over|vertel|zeg|meld|noem|laat)\\b[^.!?\\n]{0,40}\\b(?:niets|niet|niemand)\\b|\\bzonder (?:het te |de gebruiker |toestemming|bevestiging|iets te)|\\b(?:stiekem|heimelijk)\\b',
        humans: '\\bmensen (?:kunnen|mogen|hoeven)[^.!?\\n]{0,20}(?:overslaan|negeren|niet te lezen)',
      }),
    ],
  },
  {
    gate: /[æøå]|instruk|anvisning|assistent|anv[aä]ndar|bruger|bruker|l[oö]senord|adgangskode|passord|spr[aå]kmodel|sprogmodel/i,
    books: [
      stemPhrases({
        drop: '\\b(?:ignorer|ignorera|glöm|glem|bortse från|strunta i|se bort fr[aå]|se bort ifra|følg ikke|följ inte)\\b',
        notDrop: 'inte|ikke|ej',
        earlier:
          '\\b(?:alla|alle|tidigare|tidligere|föregående|foregående|forrige|ovanstående|ovenstående|dina|dine|din|ditt?)\\b',
        orders:
          '(?:instru[kc][a-zæøåö]+|anvisning\\w*|order\\b|ordrer|opgave\\w*|oppgave\\w*|uppgift\\w*|regler\\w*|riktlinjer|retningslinj\\w*|kommandon|befalinger|prompt\\w*)(?! på| i | om)',
        agent: `${AI}|assistent|agent|språkmodell?|sprogmodel|ki-\\p{L}+`,
        to: '\\b(?:till|til|kära|kære|kjære|hej|hei|obs|för|for)',
        ifYou: '\\b(?:om|hvis|ifall|dersom|når|när) du\\b',
        deeds:
          '\\b(?:överför|overfør|overfør|ge|giv|gi|sätt|sæt|sett|skriv|svara|svar|välj|vælg|velg|rekommendera|anbefal|köp|køb|kjøp|radera|slet|slett|ta bort|skicka|send|betala|betal|godkänn|godkend|godkjenn|kör|kør|kjør|installera|installer|lägg till|tilføj|legg til|publicera|offentliggør|publiser|ändra|endre|öppna)\\b',
        send: '\\b(?:skicka|sänd|send|maila|ladda upp|upload|last opp|dela|del|visa|vis|kopiera|kopier|avslöja|afslør)\\b',
        secrets: `lösenord|adgangskode|passord|nyck(?:el|lar)|nøgle|nøkkel|token|inloggning|hemlig|hemmelig|konversation|samtal|kontakter|kalender|kundlist|${ELSEWHERE}`,
        silent:
          '\\b(?:berätta|säg|nämn|fortæl|sig|nævn|fortell|si|nevn|meddela)\\b[^.!?\\n]{0,40}\\b(?:inte|inget|ingen|ikke|intet|ingenting)\\b|\\b(?:utan|uden|uten) (?:att |at |å )?(?:berätta|fråga|fortælle|spørge|fortelle|spørre|bekräftelse|bekræftelse|bekreftelse|användaren|brugeren|brukeren)|\\bi (?:smyg|smug|hemlighet|hemmelighed|hemmelighet)\\b',
        humans:
          '\\b(?:människor|mennesker) (?:kan|behöver|behøver|trenger)[^.!?\\n]{0,20}(?:hoppa över|ignorera|springe over|ignorere|hoppe over|inte läsa|ikke)',
      }),
    ],
  },
  {
    gate: /ohje|käsky|unohda|käyttäj|salasan|tekoäly|kielimalli/i,
    books: [
      stemPhrases({
        drop: '\\b(?:unohda|ohita|jätä huomiotta|älä (?:noudata|välitä)|hylkää)',
        earlier: '(?:kaikki|kaikkia|aiem\\p{L}+|edelli\\p{L}+|yllä olev\\p{L}+|sinun|omat)',
        orders: '(?:ohjee|ohjei|ohje|käsky|määräy|sään|kehot)\\p{L}*',
        agent: `${AI}|tekoäly\\p{L}*|avustaj\\p{L}*|kielimalli\\p{L}*|agent\\p{L}*`,
        to: '\\b(?:hei|hyvä|huomio|viesti)',
        ifYou: '\\bjos olet\\b',
        deeds: '\\b(?:poista|lähetä|maksa|hyväksy|suorita|asenna|lisää|julkaise|muuta|avaa)\\b',
        send: '\\b(?:lähetä|jaa|paljasta|kopioi|lataa|näytä|tulosta)\\b',
        secrets: `salasan|avai|tunnuk|salai|keskustelu|yhteystie|${ELSEWHERE}`,
        silent:
          '\\bälä (?:kerro|mainitse|ilmoita|paljasta|kysy)|\\b(?:salaa|kertomatta|kysymättä|ilman (?:vahvistusta|lupaa))',
        humans: 'ihmis\\p{L}+ (?:voivat|ei(?:vät)? tarvitse)[^.!?\\n]{0,20}(?:ohittaa|lukea)',
      }),
    ],
  },
  {
    gate: /ignoruj|zapomeň|zabudni|pokyn|příkaz|príkaz|uživatel|používateľ|heslo|hesla|hesiel|asistent/i,
    books: [
      stemPhrases({
        drop: '\\b(?:ignoruj|zapomeň|zabudni|neřiď se|neriaď sa|nedodržuj|přeskoč|zruš)(?:te)?\\b',
        earlier:
          '\\b(?:všechn\\p{L}+|všetk\\p{L}+|předchoz\\p{L}+|predchádzajúc\\p{L}+|dosavadn\\p{L}+|doterajš\\p{L}+|dřívějš\\p{L}+|tvoje|své|svoje)\\b',
        orders: '(?:pokyn|instrukc|inštrukc|příkaz|príkaz|pravid|nařízen|prompt)\\p{L}*(?! k | na | pro | v )',
        agent: `${AI}|asistent\\p{L}*|agent\\p{L}*|jazykov\\p{L}+ model\\p{L}*|uměl\\p{L}+ inteligenc\\p{L}+|umel\\p{L}+ inteligenc\\p{L}+`,
        to: '\\b(?:pro|pre|milý|drahý|ahoj|pozor|zpráva pro|správa pre)',
        ifYou: '\\b(?:pokud jsi|jestli jsi|ak si)\\b',
        deeds:
          '\\b(?:smaž|vymaž|odešli|pošli|přepošli|prepošli|zaplať|schval|schvaľ|spusť|nainstaluj|nainštaluj|přidej|pridaj|zveřejni|zverejni|změň|zmeň|otevři|otvor|převeď|preveď)\\b',
        send: '\\b(?:pošli|odešli|přepošli|zašli|nahraj|ukaž|zobraz|vypiš|prozraď|zkopíruj|skopíruj|sdílej)\\b',
        secrets: `hes[el]l|klíč|kľúč|token|přihlašovac|prihlasovac|tajn|konverzac|kontakt|${ELSEWHERE}`,
        silent:
          '\\bne(?:říkej|zmiňuj|hovor|spomínaj|informuj|upozorňuj|ptej se|pýtaj)|\\bnikomu\\b[^.!?\\n]{0,20}\\bne|\\b(?:tajně|tajne|potají|bez (?:vědomí|vedomia|potvrzení|potvrdenia|ptaní|souhlasu|súhlasu))',
        humans:
          '\\b(?:lidé|ľudia) (?:mohou|můžou|môžu|nemusí)[^.!?\\n]{0,20}(?:přeskočit|preskočiť|ignorovat|číst|čítať)',
      }),
    ],
  },
  {
    gate: /hướng dẫn|chỉ thị|mệnh lệnh|mật khẩu|trợ lý|người dùng|chỉ dẫn/i,
    books: [
      stemPhrases({
        drop: '(?:bỏ qua|phớt lờ|quên|không tuân theo|đừng làm theo|hủy bỏ)',
        earlier: '(?:tất cả|mọi|toàn bộ|trước đó|trước đây|ở trên|phía trên|của bạn|bạn đã)',
        orders: '(?:hướng dẫn|chỉ thị|mệnh lệnh|chỉ dẫn|lệnh|quy tắc|yêu cầu)',
        agent: `${AI}|trợ lý|trí tuệ nhân tạo|mô hình ngôn ngữ|tác nhân`,
        to: '(?:gửi|gửi đến|dành cho|chào|lưu ý|thân gửi)',
        ifYou: 'nếu bạn(?: là)?',
        deeds:
          '(?:hãy|phải)\\s(?:\\p{L}+\\s)?(?:xóa|gửi|chuyển|thanh toán|phê duyệt|cài|chạy|thêm|xuất bản|thay đổi|mở)',
        send: '(?:gửi|chuyển tiếp|tiết lộ|hiển thị|sao chép|tải lên|chia sẻ|in ra)',
        secrets: `mật khẩu|khóa api|mã thông báo|bí mật|cuộc trò chuyện|danh bạ|${ELSEWHERE}`,
        silent:
          '(?:đừng|không|không được) (?:nói|cho|thông báo|đề cập|hỏi|báo)[^.!?\\n]{0,30}(?:người dùng|ai\\b|họ|biết)|mà không (?:hỏi|thông báo|xác nhận)|(?:bí mật|âm thầm|lặng lẽ)',
        humans: 'con người[^.!?\\n]{0,20}(?:bỏ qua|không cần)',
      }),
    ],
  },
  {
    gate: /abaikan|lupakan|instruksi|\barahan|perintah|kata sandi|pengguna|kata laluan|asisten|pembantu/i,
    books: [
      stemPhrases({
        drop: '\\b(?:abaikan|lupakan|jangan ikuti|jangan patuhi|hiraukan|batalkan|kesampingkan)\\b',
        earlier: '\\b(?:semua|seluruh|sebelumnya|sebelum ini|terdahulu|di atas|anda|kamu|awal)\\b',
        orders: '\\b(?:instruksi|arahan|perintah|petunjuk|aturan|pedoman|prompt)\\b(?! di halaman| pada halaman)',
        agent: `${AI}|asisten|pembantu|agen\\b|model bahasa|kecerdasan buatan`,
        to: '\\b(?:kepada|untuk|halo|hai|perhatian|catatan untuk)',
        ifYou: '\\b(?:jika|kalau|apabila) (?:anda|kamu)\\b',
        deeds:
          '\\b(?:hapus|padam|kirim|kirimkan|hantar|teruskan|bayar|setujui|luluskan|jalankan|instal|pasang|tambahkan|terbitkan|ubah|buka|transfer)\\b',
        send: '\\b(?:kirim|kirimkan|hantar|teruskan|unggah|tampilkan|bocorkan|salin|bagikan|ungkapkan)\\b',
        secrets: `kata sandi|kata laluan|kunci api|token|kredensial|rahasia|percakapan|kontak|${ELSEWHERE}`,
        silent:
          '\\bjangan (?:beri ?tahu|beritahu|katakan|sebutkan|sebut|tanya|laporkan|bilang)|\\btanpa (?:sepengetahuan|konfirmasi|persetujuan|izin|memberi ?tahu|bertanya)|\\bdiam-diam\\b|\\bsecara rahasia\\b',
        humans: '\\bmanusia[^.!?\\n]{0,20}(?:lewati|melewati|abaikan|mengabaikan|tidak perlu)',
      }),
    ],
  },
  {
    gate: /\bignor(?:ă|a\b|ați|ati)|\buit[aă]\b|instruc[tț]iuni|comenzi|utilizator|parol[ae]|asistent/i,
    books: [
      stemPhrases({
        drop: '\\b(?:ignor(?:ă|a|ați|ati)|uit(?:ă|a|ați)|nu (?:urma|respecta|mai urma|mai respecta)|anulează|lasă deoparte)\\b',
        earlier: '\\b(?:toate|anterioare|precedente|de mai sus|tale|primite)\\b',
        orders: '(?:instruc[tț]iuni|comenzi|ordine|reguli|indica[tț]ii|directive)\\p{L}*',
        agent: `${AI}|ia\\b|asistent\\p{L}*|agent\\p{L}*|inteligen[tț]\\p{L}+ artificial\\p{L}+|model\\p{L}* de limbaj`,
        to: '\\b(?:către|pentru|drag[ăa]|salut|aten[tț]ie)',
        ifYou: '\\bdacă (?:ești|esti|sunteți)',
        deeds:
          '\\b(?:șterge|sterge|trimite|redirecționează|plătește|aprobă|rulează|execută|instalează|adaugă|publică|schimbă|deschide|transferă)\\b',
        send: '\\b(?:trimite|redirecționează|dezvăluie|afișează|copiază|încarcă|publică)\\b',
        secrets: `parol|chei|cheie|token|secret|conversați|contacte|${ELSEWHERE}`,
        silent:
          '\\bnu (?:spune|menționa|informa|anunța|întreba|dezvălui)|\\bfără (?:să |a )?(?:spui|spune|anunți|întrebi|confirmare|aprobare|știrea)|\\b(?:în secret|pe ascuns)\\b',
      }),
    ],
  },
  {
    gate: /utasítás|figyelmen|felejtsd|felhasznál|jelsza|asszisztens|parancs/i,
    books: [
      stemPhrases({
        drop: '\\b(?:hagyd figyelmen kívül|felejtsd el|ne kövesd|ne tartsd be|vesd el|mellőzd)',
        earlier: '(?:összes|minden|korábbi|előző|fenti|eddigi|saját)',
        orders: '(?:utasítás|parancs|szabály|irányelv|előírás)\\p{L}*',
        agent: `${AI}|mi-\\p{L}+|asszisztens\\p{L}*|ügynök\\p{L}*|nyelvi modell\\p{L}*|mesterséges intelligenci\\p{L}+`,
        to: '\\b(?:kedves|szia|figyelem|üzenet)',
        ifYou: '\\b(?:ha te|ha ön|ha egy)\\b',
        deeds:
          '\\b(?:töröld|küldd|továbbítsd|fizesd|hagyd jóvá|futtasd|telepítsd|add hozzá|tedd közzé|módosítsd|nyisd|utald)',
        send: '\\b(?:küldd|továbbítsd|írd ki|mutasd|másold|töltsd fel|oszd meg|fedd fel)',
        secrets: `jelsza|jelszó|kulcs|token|titk|beszélgetés|névjegy|${ELSEWHERE}`,
        silent:
          '\\bne (?:mondd|említsd|szólj|értesítsd|kérdezd|áruld)|(?:titokban|észrevétlenül|megerősítés nélkül|jóváhagyás nélkül|tudta nélkül)',
      }),
    ],
  },
]
