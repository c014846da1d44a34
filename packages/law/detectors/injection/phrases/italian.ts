import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in Italian. */
export const ITALIAN = foreignPhrases([
  [
    'override',
    1,
    '(?<!(?:può|puoi|potete|non) )(?:ignor(?:a|i|ate|are|ino)|dimentic(?:a|hi|ate|are)|trascur(?:a|i|ate)|tralasci(?:a|ate)|scart(?:a|ate)|non (?:seguire|segua|considerare|rispettare)(?: più)?|disattend(?:i|ete)|annull(?:a|ate))\\s+(?:(?:tutte|tutti|le|gli|i|tue|vostre|sue|queste|ogni|qualsiasi|precedenti|altre|e|completamente|pure|immediatamente)\\s+){0,5}(?:istruzion[ei]|direttiv[ae]|ordini|regole|indicazioni|comandi|prompt|linee guida)(?:\\s+(?:precedenti|di sistema|ricevute|date|sopra|originali|iniziali|di sicurezza|impartite|attuali|finora|fornite|anteriori|che (?:hai|ti)\\b))+|(?:ignora|dimentica|ignori|ignorate)\\s+(?:tutte\\s+)?(?:le|i|gli)\\s+(?:tue|vostre|sue|tuoi|precedenti)\\s+(?:\\w+\\s+)?(?:istruzioni|regole|direttive|ordini|indicazioni)',
  ],
  [
    'override',
    0.8,
    '(?:dimentica|ignora) tutto (?:ciò|quello|quanto)|nuov[eai] (?:istruzion[ei]|direttiv[ae]|compito|regole|ordini)(?: (?:per|a) [^.:\\n]{1,30})?\\s*:',
  ],
  [
    'address',
    0.5,
    "(?:^|[\\s(\"'>])(?:a|per|ai|alle|agli|al|all'|all’|gentile|caro|cara|attenzione|nota per|messaggio per|avviso per),?\\s*(?:(?:tutti|tutte|ogni|gli|le|i|il|la|l'|l’|un|una|qualsiasi|questa)\\s*){0,2}(?:ia\\b|intelligenz[ae] artificial[ei]|assistent[ei](?: ia| ai| virtual\\w+)?|agent[ei] (?:ia|ai|di)|llm|modell[oi] linguistic[oi]|chatbot|bot\\b)|\\bse (?:sei|siete|è) (?:un['’ao]? ?)?(?:ia\\b|ai\\b|assistente|agente|modello|llm|chatbot|bot|intelligenza)|\\b(?:assistent[ei]|agent[ei]|modell[oi]) (?:ia|ai|d['’]ia|linguistic[oi]|di intelligenza)\\b(?=\\s*[,:!]|\\s(?:dev|che))",
  ],
  [
    'role',
    0.5,
    '\\b(?:ora sei|adesso sei|da (?:questo momento|ora|adesso)(?: in poi)?,? sei|sei (?:ora|adesso))\\b|\\bsenza (?:alcuna )?(?:restrizion[ei]|limit[ei]|limitazioni|filtri)|modalità (?:sviluppatore|amministratore|manutenzione|debug)',
  ],
  [
    'secrecy',
    0.6,
    `\\bnon (?:lo |la |le |gli |ne |mai )?(?:dire|dica|dirlo|informare|avvisare|menzionare|rivelare|segnalare|mostrare|parlare|chiedere|citare|far sapere|dite|avvertire|notificare)\\b${G}{0,40}|senza (?:dirlo|dire|chiedere|avvisare|informare|menzionare|conferma|approvazione|revisione|autorizzazione|verifica)|\\b(?:di nascosto|segretamente|in segreto|in silenzio)\\b|l['’]utente non deve`,
  ],
  [
    'leak',
    0.6,
    `(?<!(?:jamais|pas|non|no|não|nunca|nie|ne|mai) (?:les |le |la |lo |as |os |vos |votre )?)\\b(?:invi(?:a|are|ate)|mand(?:a|are)|rivel(?:a|are)|mostr(?:a|are)|stamp(?:a|are)|copi(?:a|are)|pubblic(?:a|are)|trasmett\\w+|inoltr(?:a|are)|includ\\w+|inserisci|comunica(?!re)|caric(?:a|are)|esport(?:a|are)|divulg(?:a|are))\\b${G}{0,70}(?:password|chiav[ei]|token|credenziali|segret[oi]|prompt|istruzioni di sistema|tue istruzioni|conversazione|cronologia|variabili d['’]ambiente|dati|contatti|rubrica|https?:\\/\\/|@[\\w-]+\\.\\w)`,
  ],
  [
    'deed',
    0.5,
    `\\b(?:trasferisci|cancella|elimina|approva|acquista|compra|paga|rimborsa|disattiva|disabilita|autorizza|chiudi|annulla|versa|bonifica)\\b${G}{0,40}(?:tutti|tutte|fattura|conto|pagamento|backup|ordini|richieste|verifica|autenticazione|euro|importo)`,
  ],
  [
    'authority',
    0.5,
    "(?:messaggio|istruzion[ei]|ordine|avviso|nota|comunicazione) (?:del|dell['’]|dello|dalla?|dal|della) ?(?:amministrator\\w+|sviluppator\\w+|sistema|team|direzione|gestore|proprietario)",
  ],
  [
    'ranking',
    0.6,
    `\\b(?:raccomand(?:a|are)|consigli(?:a|are)|valut(?:a|are)|assegn(?:a|are)|classific(?:a|are)|preferisci|dai|dagli|metti)\\b${G}{0,50}(?:miglior|positiv|primo|prima|massim|10\\/10|cinque stelle|5 stelle|eccellente)|non (?:menzionare|citare|elencare|segnalare) (?:alcun|nessun|i |le |gli )${G}{0,20}(?:difett|debolezz|problem|svantagg)`,
  ],
  [
    'memory',
    0.5,
    "\\b(?:da (?:ora|adesso|questo momento|oggi)(?: in poi| in avanti)?|d'ora in (?:poi|avanti))\\b|\\b(?:ricorda(?:ti)?|memorizza|ricordate)\\b|in tutte le (?:future|prossime)",
  ],
  [
    'reply',
    0.5,
    `\\b(?:rispondi|rispondere|scrivi|termina)\\b${G}{0,20}(?:solo|soltanto|con|esclusivamente)\\b|\\b(?:di['’]|digli|dica|riferisci|comunica|consiglia|informa) (?:all['’]|al |l['’])(?:utente|cliente|lettore)|\\ball['’]utente\\b|prima di (?:rispondere|continuare|procedere)`,
  ],
])
