import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in Spanish and Portuguese, which share most stems. */
export const IBERIAN = foreignPhrases([
  [
    'override',
    1,
    '(?<!(?:puede|podés|pode|puedes|pueden|no|não|nunca) )(?:ignor(?:a|e|ar|ad|en|em|á)|olvid(?:a|e|ar|en|ad|á)|desconsider(?:a|e|ar|em)|descart(?:a|e|ar|en|em)|esque(?:ç|c)(?:a|e|er|am)|omit(?:e|a|ir)|haz caso omiso (?:de|a)|hag(?:a|an) caso omiso (?:de|a)|no (?:hagas|sigas|obedezcas)(?: caso (?:a|de))?|não (?:sigas?|obedeça)|desatiend(?:a|e)|pas(?:a|e) por alto|anul(?:a|e))\\s+(?:(?:de|por|completo|ya|todas?|todos?|as|os|las|los|tus|sus|suas|seus|tuas|estas|esas|quaisquer|cualquier|anteriores|previas|prévias|otras|outras|y|e|demás)\\s+){0,5}(?:instruc(?:ciones|ción|ções|ção)|instru(?:ções|ção)|órdenes|ordens|indicaciones|indicações|orientações|directrices|diretrizes|directivas|diretivas|reglas|regras|comandos|prompts?)(?:\\s+(?:anteriores?|previas?|prévias?|de sistema|del sistema|do sistema|recibidas|recebidas|de arriba|acima|originales|originais|iniciales|iniciais|de seguridad|de segurança|que (?:te|recib|receb)\\S*|dadas|actuales|atuais|precedentes|hasta ahora|até agora))+|(?:ignora|ignore|olvida|olvide|esqueça|esquece|desconsidere)\\s+(?:todas\\s+)?(?:as\\s+|las\\s+)?(?:tus|sus|suas|tuas)\\s+(?:instrucciones|instruções|reglas|regras|órdenes|ordens|directrices|diretrizes)',
  ],
  [
    'override',
    0.8,
    '(?:olvida|olvide|esqueça|esquece|ignore|ignora) (?:todo|tudo) (?:lo |o )?(?:que|anterior)|(?:nuevas?|novas?) (?:instrucci\\S+|instruç\\S+|reglas|regras|tarea|tarefa|directiv\\S+|ordem|órdenes)(?: (?:para|a) [^.:\\n]{1,30})?\\s*:',
  ],
  [
    'address',
    0.5,
    '(?:^|[\\s("\'>])(?:a|para|ao|aos|às|al|estimado|querid[oa]|prezad[oa]|caro|atención|atenção|nota (?:a|para)|mensaje (?:a|para)|mensagem (?:a|para|ao)|aviso (?:a|para|ao)),?\\s+(?:(?:todos?|todas?|cualquier|qualquer|los?|las?|os?|as?|el|la|un|una|um|uma|este|esta|esse)\\s+){0,2}(?:ia\\b|ias\\b|inteligencias? artificiale?s?|inteligências? artificia\\w+|asistentes?|assistentes?|agentes? (?:de )?(?:ia|inteligen)|llms?|modelos? de (?:lenguaje|linguagem)|chatbots?\\b|bots?\\b)|\\b(?:si|se) (?:eres|es|usted es|você é|você for|vc é|és|tu és|sos) (?:una?|um|uma)? ?(?:asistente|assistente|ia\\b|agente|modelo|llm|bot|chatbot|inteligencia|inteligência)|\\b(?:asistentes?|assistentes?|agentes?|modelos?) (?:de )?(?:ia\\b|inteligencia|inteligência|lenguaje|linguagem)(?=\\s*[,:!]|\\s(?:deb|dev|que|tien))',
  ],
  [
    'role',
    0.5,
    '\\b(?:ahora|agora|a partir de (?:ahora|agora),?)\\s+(?:eres|você é|és|sos|é)\\b|\\b(?:eres|você é) (?:ahora|agora)\\b|\\bsin (?:ninguna )?(?:restricciones|limitaciones|límites|filtros)\\b|\\bsem (?:nenhuma )?(?:restrições|limitações|limites|filtros)\\b|\\bmodo (?:desarrollador|desenvolvedor|administrador|mantenimiento|manutenção|depuración)',
  ],
  [
    'secrecy',
    0.6,
    `\\b(?:no|não|nunca|sin|sem)(?: se| lhe)? (?:le |lo |la |les |se |lhe |o |a )?(?:digas?|diga[sn]?|informes?|avises?|menciones?|mencione|mencionar|conte[s]?|cuentes|reveles?|revele|muestres|mostre|notifiques?|notifique|decir\\S*|dizer|avisar|informar|preguntar|perguntar|pedir|solicitar|alertes?|alerte|comentes)\\b${G}{0,50}|\\b(?:sin|sem) (?:confirmación|confirmação|aprobación|aprovação|revisión|revisão|permiso|permissão|consultar)|\\b(?:en secreto|em segredo|secretamente|discretamente|em silêncio|en silencio|sigilosamente)\\b`,
  ],
  [
    'leak',
    0.6,
    `(?<!(?:jamais|pas|non|no|não|nunca|nie|ne|mai) (?:les |le |la |lo |as |os |vos |votre )?)\\b(?:env[ií](?:a|e|ar|en|ad|em)|mand(?:a|e|ar)|revel(?:a|e|ar)|muestr(?:a|e)|mostr(?:e|a|ar)|imprim(?:e|a|ir)|copi(?:a|e|ar)|public(?:a|ar)|publiqu?e|divulg(?:a|ue)|transmit(?:e|a)|inclu(?:ye|ya|a|i)|comparte|compartilhe|sub(?:e|a)|reenv[ií](?:a|e)|repit(?:e|a)|encaminhe)\\b${G}{0,70}(?:contraseñas?|senhas?|claves?|chaves?|tokens?|credencia(?:les|is)|secretos?|segredos?|prompt|instrucciones (?:de|del) sistema|tus instrucciones|suas instruções|instruções do sistema|conversación|conversa|historial|histórico|variables? de entorno|variáveis de ambiente|dat?dos|datos|contactos|contatos|https?:\\/\\/|@[\\w-]+\\.\\w)`,
  ],
  [
    'deed',
    0.5,
    `\\b(?:transfier(?:e|a)|transfir(?:a|e)|borr(?:a|e)|elimin(?:a|e)|apag(?:a|ue)|excl?ua|exclui|aprueb(?:a|e)|aprov(?:a|e)|compr(?:a|e)|pag(?:a|ue)|reembols(?:a|e)|marc(?:a|ue)|marque|desactiv(?:a|e)|desativ(?:a|e)|cierra|cierre|feche|cancel(?:a|e)|autoriz(?:a|e)|autorice)\\b${G}{0,40}(?:todos?|todas?|pedidos|factura|fatura|cuenta|conta|pago|pagamento|copia|cópia|solicitudes|solicitações|saldo|verificación|verificação|euros|reais)`,
  ],
  [
    'authority',
    0.5,
    '(?:mensaje|mensagem|instrucción|instrução|orden|ordem|aviso|nota)(?:es|s)? (?:del?|do|da) (?:la )?(?:administrador\\w*|desarrollador\\w*|desenvolvedor\\w*|sistema|equipo|equipe|propietario|proprietário|dueño|direcci\\S+)',
  ],
  [
    'ranking',
    0.6,
    `\\b(?:recomiend(?:a|e)|recomend(?:a|e)|califi(?:ca|que)|avali(?:a|e)|valor(?:a|e)|clasifi(?:ca|que)|punt[uú](?:a|e)|dale|dê|da|prefier(?:a|e)|pon(?:ga|lo)?)\\b${G}{0,50}(?:mejor|melhor|positiv|primer|máxima|10\\/10|cinco estre|5 estre|excelente|nota)|\\b(?:no|não) (?:menciones?|mencione|cites?|señales|aponte|incluyas|inclua) (?:ningún|nenhum|ninguna|nenhuma|los|os)${G}{0,20}(?:defecto|defeito|debilidad|fraqueza|problema|fallo|falha)|\\b(?:diga|di|dile|afirme) (?:\\w+ ){0,3}(?:que )(?:el|o|la|a|es|é|este|esta)\\b${G}{0,40}(?:segur|mejor|melhor|excelente|perfeit|perfect)`,
  ],
  [
    'memory',
    0.5,
    '\\b(?:a partir de (?:ahora|agora|este momento|hoy|hoje)|de ahora en adelante|daqui em diante|de agora em diante|en adelante)\\b|\\b(?:recuerda|recuerde|lembre-se|lembra-te|memoriza|memorize|guarda|guarde|armazene)\\b|en todas (?:las|tus) (?:futuras|próximas)|em todas as (?:futuras|próximas)',
  ],
  [
    'reply',
    0.5,
    `\\b(?:responde|responda|contesta|conteste|escribe|escreva|escriba|termina|termine)\\b${G}{0,20}(?:solo|sólo|solamente|apenas|somente|únicamente|con|com)\\b|\\b(?:di|dile|diga|dígale|informe|informa|indica|aconseja|avise)\\b(?:-lhe)? (?:al|ao|à|a la|à) (?:usuari|utilizador|cliente|lector|leitor)|antes de (?:responder|continuar|seguir|prosseguir)`,
  ],
])
