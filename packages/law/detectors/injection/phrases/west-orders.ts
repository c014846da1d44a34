import { ELSEWHERE, stemPhrases } from './stems.ts'

const AI = 'llms?\\b|chat ?bots?\\b|bots?\\b|gpt\\b|claude\\b|copilot\\b'

/** Orders to an agent in German, beyond the set phrases. */
export const GERMAN_ORDERS = stemPhrases({
  drop: '\\b(?:ignorier|vergiss|missachte|beachte|befolge|halte? dich|höre? auf|richte dich|lass|leg|setz|streich|verwirf|folge)\\p{L}*',
  earlier: '\\bnicht (?:mehr|länger)\\b|\\b(?:außer acht|beiseite|außer kraft)\\b',
  orders:
    '\\b(?:anweisungen?|vorgaben?|instruktionen|befehle?n?|regeln|richtlinien|anordnungen|aufträgen?|prompts?)\\b',
  received:
    '\\b(?:anweisungen|vorgaben|instruktionen|befehle|regeln|aufgaben?|richtlinien),? (?:die|welche) (?:du|dir|man dir|sie dir)\\b[^.!?\\n]{0,40}(?:erhalten|bekommen|gegeben|erteilt|gesagt|kamen)|\\balles,? was (?:man )?(?:dir|du)\\b[^.!?\\n]{0,50}\\b(?:gesagt|gegeben|gelernt|gelesen|gilt nicht|hinfällig|vergiss)|\\b(?:tu|tue|mach|mache|befolge|führe aus),? (?:genau )?(?:das,? )?was (?:hier|da|dort|in|diese|dieser|er|sie)\\b|\\bgehorche (?:nur|ausschließlich|ab)\\b',
  agent: `ki\\b|ai\\b|ki-\\p{L}+|${AI}|assistent(?:en|in)?\\b|agent(?:en)?\\b|sprachmodell\\p{L}*|künstliche intelligenz`,
  to: '\\b(?:an|für|hinweis an|nachricht an|achtung|liebe|lieber|wichtig für|hallo|hey|hi)(?: (?:den|die|das|alle|jeden|einen))?',
  ifYou: '\\b(?:wenn|falls|sofern) (?:du|dies|das|ein|eine)\\b|\\bbist du\\b|\\bsolltest du\\b',
  deeds:
    '\\b(?:vergib|vergebe|bewerte|empfiehl|empfehle|nenne|sage?|antworte|schreibe|trage?|wähle|stufe|erstatte|erwähne|behaupte|befördere|lege|lass|füge?|installiere|starte|veröffentliche|lösche|entferne|überweise|bezahle|genehmige|bestätige|schließe|ändere|setze|deaktiviere|schalte|lade|öffne|rufe?|sende|schicke?|leite|merge|pushe|committe|kaufe|bestelle|erteile|verschiebe|übertrage|gib|markiere)\\b(?! (?:sie|nicht|keine)\\b)|\\bführe\\b[^\\n]{0,100}\\baus\\b',
  send: '\\b(?:leite|sende|schicke?|übermittle|maile|kopiere|lade|poste|gib|zeige|exportiere)\\b',
  secrets: `passwör|passwort|zugangsdaten|kennwort|schlüssel|tokens?\\b|geheim|e-mails?\\b|nachrichten|posteingang|kundenliste|kontakte|adressbuch|${ELSEWHERE}`,
  silent:
    '\\b(?:damit|sodass|so dass|ohne dass|bevor)\\b[^.!?\\n]{0,40}\\b(?:nicht|nichts|niemand|keiner|jemand)\\b[^.!?\\n]{0,20}(?:seh|bemerk|merk|find|erfähr|erfahr|mitbekomm|auffäll|sieht)|\\b(?:lösche?|entferne|bearbeite)\\b[^.!?\\n]{0,20}\\b(?:diese[nsr]?|deinen)\\b[^.!?\\n]{0,12}(?:kommentar|nachricht|hinweis|zeile|mail|hier)|\\bspuren\\b|\\bsonst wirst du\\b',
  humans:
    '\\b(?:menschen|personen|menschliche leser)\\b[^.!?\\n]{0,12}\\b(?:können|dürfen|brauchen|müssen|sollen)\\b[^.!?\\n]{0,30}(?:überspringen|ignorieren|überlesen|nicht (?:zu )?lesen|nicht zu beachten)|\\bnicht für menschen\\b',
})

export const FRENCH_ORDERS = stemPhrases({
  drop: "(?:ignore[zr]?|oublie[zr]?|écarte[zr]?|ne (?:respecte|suis|suivez|respectez|tiens|tenez)|n['’](?:écoute|écoutez|obéis|obéissez|applique)|met[sz]? de côté|mettez de côté|laisse[zr]? de côté|abandonne[zr]?)",
  earlier: '\\b(?:plus (?:les|aux?|compte)|de côté|reçues? (?:plus tôt|avant|auparavant)|plus tôt|auparavant)\\b',
  orders: '\\b(?:instructions?|consignes?|directives?|ordres|règles|commandes)\\b',
  received:
    "\\b(?:instructions?|consignes?|directives?|ordres|règles)\\b,? (?:que (?:tu|l['’]on t|on t)|qu['’]on t|qui t['’]|que t['’])[^.!?\\n]{0,40}(?:reçu|donné|impos|transmis|fix)\\p{L}*|\\bn['’]écoute plus\\b|\\b(?:tu n['’]|vous n['’])obé(?:is|issez) qu['’]|\\b(?:oublie|ignore|laisse)\\b[^.!?\\n]{0,20}\\bce que (?:l['’]utilisat\\p{L}+|on) (?:t['’]|te |a )|\\b(?:fais|exécute|suis) (?:exactement )?ce qu(?:e|['’]il)\\b[^.!?\\n]{0,30}\\b(?:dit|écrit|demande|indique)",
  agent: `ia\\b|intelligences? artificielles?|assistants?\\b(?! de | du )|agents?\\b(?: ia| automatique| autonome)?(?! de | du | immobilier)|modèles? de langage|${AI}`,
  to: "\\b(?:à l['’]|à l['’]attention de l['’]|destiné à l['’]|pour l['’]|aux |à tout |cher |chère |salut |bonjour |hé |coucou |attention |note à l['’]|note aux |le |l['’])",
  ifYou: '\\bsi (?:tu es|vous êtes|un|une|cette page est lue par)\\b|\\bau cas où (?:tu|vous)\\b',
  deeds:
    '\\b(?:accorde|attribue|mets|donne|recommande|écris|dis|inscris|choisis|rembourse|note|copie|remplis|ignore|oublie|ajoute|installe|lance|exécute|publie|pousse|supprime|efface|vire|paie|paye|approuve|valide|ferme|modifie|change|désactive|télécharge|ouvre|appelle|envoie|transfère|fais suivre|fusionne|achète|commande|accorde|déplace|marque|réponds)(?:z)?\\b|\\b(?:lancez|exécutez|appelez|envoyez|transférez|faites suivre)\\b',
  send: '\\b(?:envoie|envoyez|transfère|transférez|fais suivre|faites suivre|communique|copie|publie|affiche|téléverse)\\b',
  secrets: `mots? de passe|clés?\\b|jetons?|identifiants|pièces jointes|courriels|e-mails|boîte de réception|liste des clients|derniers messages|contacts|carnet|${ELSEWHERE}`,
  silent:
    "\\b(?:pour que|afin que|avant que|sans que)\\b[^.!?\\n]{0,40}\\b(?:personne|ne|nul)\\b[^.!?\\n]{0,12}(?:voi|remarqu|sache|découvr|aperç|s['’]en)\\p{L}*|\\b(?:supprime|efface|retire|modifie)[zr]?\\b[^.!?\\n]{0,10}\\b(?:ce|cet|cette|celui-ci|ton|ta)\\b[^.!?\\n]{0,14}(?:commentaire|message|courriel|note|ligne|mail|$|[.,])|\\bsans laisser de traces?\\b|\\bcelui-ci\\b",
  humans:
    '\\b(?:humains?|personnes|lecteurs humains|êtres humains)\\b[^.!?\\n]{0,12}\\b(?:peuvent|peut|doivent pas|n’ont pas)\\b[^.!?\\n]{0,30}(?:ignorer|sauter|passer|lire)',
})

/** Spanish and Portuguese. */
export const IBERIAN_ORDERS = stemPhrases({
  drop: '\\b(?:ignora|olvida|descarta|deja de (?:seguir|lado)|deixa?e? de (?:seguir|lado)|no (?:tengas|sigas|hagas)|não (?:tenhas|sigas|siga|leve|considere)|esquece|esqueça|desconsidera|desconsidere|deje de lado)\\b',
  earlier:
    '\\b(?:en cuenta|em conta|de lado|caso|que (?:recibiste|te dieron|recebeu|recebeste|te deram|lhe deram)|tus|suas|tuas)\\b',
  orders:
    '\\b(?:instrucciones|órdenes|indicaciones|reglas|directrices|instruções|ordens|orientações|regras|diretrizes)\\b',
  received:
    '\\b(?:instrucciones|órdenes|indicaciones|reglas|instruções|ordens|orientações|regras|diretrizes) (?:que )?(?:te |lhe )?(?:recibiste|has recibido|te dieron|te han dado|dieron|recebeu|recebeste|deram|foram dadas|tienes|você tem)\\b|\\b(?:deja|deje|deixe|deixa|pare|para) de (?:seguir|obedecer|hacer|fazer|atender) (?:lo |o )?(?:que|a|al|ao)\\b|\\b(?:haz|faça|faz|sigue|siga) (?:exactamente |exatamente )?(?:lo|o) que (?:dice|diz|pide|pede|está escrito)\\b|\\b(?:obedece|obedeça) (?:solo|sólo|apenas|só)\\b',
  agent: `ia\\b|inteligencias? artificiale?s?|inteligências? artificia\\p{L}+|asistentes?\\b|assistentes?\\b|agentes? (?:de )?ia\\b|agentes?\\b(?! de viaj| inmob| imob| de via)|modelos? (?:de (?:lenguaje|linguagem)|que (?:eval|le|proces|resum|calif|avalia|lê)\\p{L}*)|${AI}`,
  to: '\\b(?:a|al|para|para el|para o|ao|aos|a los|estimad\\p{L}+|prezad\\p{L}+|hola|olá|oi|atención|atenção|aviso para|nota al?|nota ao)\\b',
  ifYou:
    '\\b(?:si|se) (?:eres|es|sos|una?|você é|és|fores|for|um)\\b|\\bcaso (?:você )?(?:seja|sea)\\b|\\ben caso de que seas\\b',
  deeds:
    '\\b(?:asigna|asigne|atribua|dale|pon|ponga|recomienda|recomiende|recomende|escribe|escreva|dile|diga|elige|elija|escolha|concede|conceda|valora|califica|copia|copie|señala|responde|responda|añade|agrega|adiciona|adicione|instala|instale|instálalo|ejecuta|ejecute|execute|executa|publica|publique|borra|borre|elimina|elimine|apaga|apague|transfiere|transfira|paga|pague|aprueba|apruebe|aprova|aprove|cierra|cierre|fecha|feche|cambia|cambie|altera|altere|muda|mude|desactiva|desative|descarga|baixe|abre|abra|llama|chame|envía|envíe|envie|reenvía|reenvíe|encaminhe|fusiona|compra|compre|autoriza|marca|marque|sube|manda|mande|lanza|rode)\\b',
  send: '\\b(?:reenvía|reenvíe|reenvíen|encaminhe|encaminha|envía|envíe|envie|manda|mande|copia|copie|publica|sube|compartilhe|comparte)\\b',
  secrets: `contraseñ|senhas?\\b|claves?\\b|chaves?\\b|tokens?\\b|credencia|correos\\b|e-mails\\b|mensajes|mensagens|lista de clientes|contactos|contatos|${ELSEWHERE}`,
  silent:
    '\\b(?:para que|antes de que|antes que|sin que|sem que)\\b[^.!?\\n]{0,40}\\b(?:no|nadie|não|ninguém|alguien|alguém)\\b[^.!?\\n]{0,14}(?:ve|note|sep|enter|vej|perceb|saib|descub)\\p{L}*|\\b(?:borra|elimina|apaga|apague|borre|elimine)\\b[^.!?\\n]{0,8}\\b(?:este|esta|tu|teu|seu)\\b(?: (?:comentario|comentário|mensaje|mensagem|nota|línea|linha|correo|e-mail)|\\s*[.,!]|$)|\\bsin dejar rastro\\b|\\bsem deixar rastros?\\b',
  humans:
    '\\b(?:personas|humanos|pessoas|lectores humanos|leitores humanos)\\b[^.!?\\n]{0,12}\\b(?:pueden|podem|no necesitan|não precisam|no tienen)\\b[^.!?\\n]{0,30}(?:saltar|omitir|ignorar|pular|leer|ler)',
})

export const ITALIAN_ORDERS = stemPhrases({
  drop: '\\b(?:ignora|dimentica|scarta|non (?:tenere|seguire|considerare|rispettare|dare)|smetti di|lascia|metti)\\b',
  earlier: '\\b(?:più conto|da parte|più le|più gli|più peso|che hai ricevuto|che ti hanno dato|tue|tuoi)\\b',
  orders: '\\b(?:istruzioni|direttive|ordini|regole|indicazioni|comandi)\\b',
  received:
    "\\b(?:istruzioni|direttive|ordini|regole|indicazioni) che (?:hai ricevuto|ti (?:hanno|sono|è|ha))\\b|\\bsmetti di (?:seguire|ascoltare|obbedire)\\b|\\b(?:fai|esegui|segui) (?:esattamente )?(?:ciò|quello) che (?:dice|c’è|c'è|è scritto|chiede)\\b|\\bobbedisci (?:solo|soltanto|a)\\b",
  agent: `ia\\b|intelligenz[ae] artificial[ei]|assistent[ei]\\b|agent[ei] (?:ia|ai)\\b|agente\\b(?! di | immobiliare)|modell[oi] linguistic[oi]|${AI}`,
  to: "\\b(?:per l['’]|all['’]|per gli|agli|ai|per|caro|cara|ciao|attenzione|nota per l['’]|gentile)",
  ifYou: '\\bse (?:sei|siete|un|una|questo testo è letto da)\\b|\\bnel caso (?:tu )?sia\\b',
  deeds:
    '\\b(?:assegna|metti|raccomanda|consiglia|scrivi|rispondi|scegli|concedi|valuta|copia|imposta|rimborsa|aggiungi|installa|esegui|lancia|pubblica|cancella|elimina|trasferisci|paga|approva|chiudi|cambia|modifica|disattiva|scarica|apri|chiama|invia|inoltra|unisci|compra|ordina|autorizza|segna|sposta|manda|carica)\\b',
  send: '\\b(?:inoltra|invia|manda|copia|pubblica|carica|comunica|condividi)\\b',
  secrets: `password|chiav[ei]\\b|token|credenziali|e-mail\\b|messaggi\\b|posta in arrivo|lista (?:dei )?clienti|contatti|rubrica|${ELSEWHERE}`,
  silent:
    '\\b(?:così|in modo) che\\b[^.!?\\n]{0,30}\\b(?:nessuno|non)\\b[^.!?\\n]{0,14}(?:ved|not|accorg|sappia|scopr)\\p{L}*|\\b(?:cancella|elimina|rimuovi)\\b[^.!?\\n]{0,8}\\b(?:quest[oa]|il tuo)\\b(?: (?:commento|messaggio|nota|riga|e-mail)|\\s*[.,!]|$)|\\bprima che\\b[^.!?\\n]{0,20}(?:ved|not|accorg)\\p{L}*|\\bsenza lasciare tracce\\b',
  humans:
    '\\b(?:umani|persone|lettori umani|esseri umani)\\b[^.!?\\n]{0,12}\\b(?:possono|devono|non hanno)\\b[^.!?\\n]{0,30}(?:saltare|ignorare|leggere)',
})

export const POLISH_ORDERS = stemPhrases({
  drop: '\\b(?:zignoruj|ignoruj|zapomnij|pomiń|odrzuć|nie (?:stosuj się|trzymaj się|kieruj się|słuchaj|wykonuj)|odłóż)\\p{L}*',
  earlier: '\\b(?:już|więcej|które (?:dostał|otrzymał)\\p{L}*|swoje|twoje|na bok)\\b',
  orders: '\\b(?:instrukcj|polece[nń]|wytyczn|zasad|rozkaz|wskazów)\\p{L}*',
  received:
    '\\b(?:instrukcj|polece[nń]|wytyczn|zasad|wskazów)\\p{L}*,? (?:które|jakie|których) (?:ci |wcześniej )?(?:dosta|otrzyma|dano|przekaza)\\p{L}*|\\bzrób (?:dokładnie )?to,? co\\b|\\bsłuchaj (?:tylko|wyłącznie)\\b',
  agent: `ai\\b|sztuczn\\p{L}+ inteligencj\\p{L}+|asystent\\p{L}*|agent\\p{L}*|model\\p{L}* językow\\p{L}+|${AI}`,
  to: '\\b(?:do|dla|drog[ia]|uwaga|hej|cześć|szanown\\p{L}+|notatka dla|wiadomość dla)',
  ifYou: '\\b(?:jeśli|jeżeli|gdy) (?:jesteś|czyta to|ten tekst)\\b',
  deeds:
    '\\b(?:przyznaj|daj|wystaw|poleć|polecaj|napisz|powiedz|wybierz|oceń|skopiuj|ustaw|odpowiedz|zwróć|umieść|dodaj|zainstaluj|uruchom|wykonaj|opublikuj|wypchnij|usuń|skasuj|przelej|zapłać|zatwierdź|zamknij|zmień|wyłącz|pobierz|otwórz|wywołaj|wyślij|prześlij|przekaż|scal|kup|zamów|oznacz)\\b',
  send: '\\b(?:wyślij|prześlij|przekaż|skopiuj|opublikuj|udostępnij|wgraj)\\b',
  secrets: `hasł|klucz|token|poświadcze|wiadomości|maile|e-maile|skrzynk|list[aęy] klientów|kontakt|${ELSEWHERE}`,
  silent:
    '\\b(?:żeby|aby|tak,? by|zanim)\\b[^.!?\\n]{0,30}\\b(?:nikt|nie|ktoś)\\b[^.!?\\n]{0,14}(?:zobacz|zauważ|widzi|dowie|wie)\\p{L}*|\\b(?:usuń|skasuj)\\b[^.!?\\n]{0,8}\\b(?:ten|tę|ta|swój)\\b(?: (?:komentarz|wiadomość|notatk|wpis|linię)|\\s*[.,!]|$)|\\bbez śladu\\b',
  humans:
    '\\b(?:ludzie|osoby|człowiek)\\b[^.!?\\n]{0,12}\\b(?:mogą|może|nie muszą)\\b[^.!?\\n]{0,30}(?:pominąć|zignorować|czytać)',
})

export const TURKISH_ORDERS = stemPhrases({
  drop: 'yok say|görmezden gel|unut(?!ma)|dikkate alma|boş ver|uyma(?![\\p{L}])|bir kenara bırak',
  earlier: 'sana verilen|daha önce|artık|önceki|tüm|bütün|aldığın',
  orders: '(?:talimat|yönerge|komut|kural|emir|emr)\\p{L}*',
  agent: `ai\\b|yapay zek[aâ]\\p{L}*|asistan\\p{L}*|ajan\\p{L}*|dil model\\p{L}*|${AI}`,
  to: '(?:sevgili|dikkat|merhaba|sayın|hey|selam)',
  ifYou: '(?:eğer|şayet)',
  deeds:
    '(?:öner|sırala|puanla|yaz|söyle|ver|seç|değerlendir|bahset|ekle|kur|çalıştır|yayınla|sil|aktar|öde|onayla|kapat|değiştir|indir|aç|çağır|gönder|ilet|birleştir|satın al|işaretle|yükle)(?=[.!,;\\n]|$| ve )',
  send: '(?:gönder|ilet|yolla|paylaş|kopyala|yükle)(?![\\p{L}]{3})',
  secrets: `şifre|parola|anahtar|jeton|kimlik|mesajlar|e-postalar|müşteri liste|kişiler|${ELSEWHERE}`,
  silent:
    '(?:kimse|bakımcılar|kullanıcı|sahib\\p{L}*)[^.!?\\n]{0,24}(?:görmesin|fark etmesin|bilmesin|duymasın|öğrenmesin|görmeden|fark etmeden)|bu (?:yorumu|mesajı|notu) (?:sil|kaldır)|iz bırakma',
  humans: '(?:insanlar|kişiler)[^.!?\\n]{0,30}(?:atlayabilir|yok sayabilir|okumak zorunda değil)',
})
