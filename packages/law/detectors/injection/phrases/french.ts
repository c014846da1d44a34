import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in French. */
export const FRENCH = foreignPhrases([
  [
    'override',
    1,
    "(?<!(?:pouvez|peut|pas|ne|n'|n’)\\s?)(?:ignore[zr]?|oublie[zr]?|néglige[zr]?|fai(?:s|tes) abstraction (?:de|des)|ne (?:tiens|tenez) (?:pas|plus|aucun) compte (?:de|des)|n'obéi[st]\\w* plus (?:à|aux)|contourne[zr]?|annule[zr]?|écarte[zr]?)\\s+(?:(?:donc|maintenant|immédiatement|complètement|toutes?|tous|les|tes|vos|ces|de|d'|des|l'ensemble|précédentes?|antérieures?|anciennes?|autres|actuelles|initiales|et|aux)\\s+){0,5}(?:instructions?|consignes?|directives?|ordres|règles|commandes|invites?|prompts?)(?:\\s+(?:système|précédentes?|antérieures?|ci-dessus|reçues|données|initiales|actuelles|d'origine|qui précèdent|de sécurité|jusqu'ici|préalables?))+|(?:ignore[zr]?|oublie[zr]?)\\s+(?:toutes\\s+)?(?:tes|vos)\\s+(?:instructions|consignes|directives|règles|ordres)",
  ],
  [
    'override',
    0.8,
    '(?:oublie[zr]?|ignore[zr]?) tout ce qui (?:précède|a été dit)|nouvelles? (?:instructions?|consignes?|directives?|tâche)(?: (?:pour|à) [^.:\\n]{1,30})?\\s*:',
  ],
  [
    'address',
    0.5,
    "(?:^|[\\s(\"'>])(?:à|pour|aux?|cher|chère|chers|attention|note (?:à|pour|aux)|message (?:à|pour|aux))\\s+(?:(?:tout|toute|tous|toutes|les?|la|l'|l’|cette?|un|une|votre|notre)\\s*){0,2}(?:ia\\b|intelligences? artificielles?|assistants?(?: ia| virtuel)?|agents?(?: ia| autonome)|llms?|modèles? de langage|chatbots?|robots?)|\\bsi (?:tu es|vous êtes) (?:une? )?(?:ia\\b|assistant|agent|modèle|llm|robot|chatbot|intelligence)|\\b(?:assistants?|agents?|modèles?) (?:ia|d'ia|d’ia|de langage)\\b(?=\\s*[,:!]|\\s(?:doi|qui))|en tant qu['’](?:ia|assistant)",
  ],
  [
    'role',
    0.5,
    '\\b(?:tu es|vous êtes) (?:maintenant|désormais|dorénavant)|sans (?:aucune )?(?:restrictions?|limites?|filtres?|censure)|mode (?:développeur|administrateur|maintenance|débogage)',
  ],
  [
    'secrecy',
    0.6,
    `\\b(?:n['’]?e? ?)(?:le |la |les |lui |en |rien )?(?:dis|dites|dire|informe[zr]?|préviens|prévenez|prévenir|mentionne[zr]?|révèle[zr]?|signale[zr]?|montre[zr]?|parle[zr]?|avertis\\w*)\\b${G}{0,40}|sans (?:le |la |en |l['’]|les )?(?:dire|demander|prévenir|informer|mentionner|avertir|signaler|confirmation|validation|vérification|en parler)|\\b(?:secrètement|discrètement|en secret|en silence)\\b|l['’](?:utilisateur|utilisatrice) ne doit (?:pas|rien)`,
  ],
  [
    'leak',
    0.6,
    `(?<!(?:jamais|pas|non|no|não|nunca|nie|ne|mai) (?:les |le |la |lo |as |os |vos |votre )?)\\b(?:envoie|envoyez|envoyer|transmet\\w*|révèle[zr]?|affiche[zr]?|communique[zr]?|donne[zr]?|copie[zr]?|publie[zr]?|poste[zr]?|divulgue[zr]?|inclu[st]\\w*|transfère[zr]?|téléverse[zr]?|exporte[zr]?)\\b${G}{0,70}(?:mots? de passe|clés?|jetons?|identifiants|secrets?|invite système|prompt|instructions système|tes instructions|vos instructions|conversation|historique|variables? d['’]environnement|données|contacts|carnet d['’]adresses|https?:\\/\\/|@[\\w-]+\\.\\w)`,
  ],
  [
    'deed',
    0.5,
    `\\b(?:vire[zr]?|supprime[zr]?|efface[zr]?|approuve[zr]?|achète[zr]?|paie|payez|payer|rembourse[zr]?|désactive[zr]?|valide[zr]?|ferme[zr]?|annule[zr]?)\\b${G}{0,40}(?:toutes|tous|facture|compte|virement|sauvegarde|commandes?|demandes|paiement|authentification|euros|tickets?)`,
  ],
  [
    'authority',
    0.5,
    "(?:message|instruction|consigne|ordre|note|avis)s? (?:de l['’]|du |des |de la )(?:administrat\\w+|développeu\\w+|système|équipe|direction|exploitant)",
  ],
  [
    'ranking',
    0.6,
    `\\b(?:recommande[zr]?|note[zr]?|classe[zr]?|donne[zr]?|attribue[zr]?|préfère[zr]?|évalue[zr]?)\\b${G}{0,50}(?:meilleure?|positi|premi(?:er|ère)|maximale?|10\\/10|5 étoiles|cinq étoiles|20\\/20|excellent)|ne (?:mentionne[zr]?|cite[zr]?|signale[zr]?|relève[zr]?) (?:aucun|pas)${G}{0,20}(?:défaut|faiblesse|problème|inconvénient)`,
  ],
  [
    'memory',
    0.5,
    "\\b(?:désormais|dorénavant|à partir de maintenant|à l['’]avenir)\\b|\\b(?:souviens-toi|retiens|retenez|mémorise[zr]?|souvenez-vous|enregistre[zr]?)\\b|dans toutes (?:les|tes|vos) (?:futures|prochaines)",
  ],
  [
    'reply',
    0.5,
    `\\b(?:réponds|répondez|répondre|écris|écrivez|termine[zr]?)\\b${G}{0,20}(?:uniquement|seulement|par|avec)\\b|\\b(?:dis|dites|indique[zr]?|affirme[zr]?|conseille[zr]?|annonce[zr]?)(?:-lui)? (?:à|au|aux) ?(?:l['’])?(?:utilisat|client|lecteur)|avant de (?:répondre|continuer|poursuivre)`,
  ],
])
