import { phrases } from '../signal.ts'
import { AGENT, GAP, PRIVATE, SECRETS } from './english-words.ts'

/** Names by which a text calls the model that reads it. */
const NAME = `(?:${AGENT}|(?:\\w+[- ])?(?:assistants?|bots?)|(?:ai|llm|reviewer|grading|screening|evaluation|evaluator|summary|support|shopping|hiring|autonomous|automated|virtual|reading|coding) (?:models?|agents?|systems?|shoppers?|reviewers?|readers?|helpers?))`
const READING =
  '(?:read|process|pars|summari[sz]|index|review|grad|sort|evaluat|assess|scor|rank|translat|handl|open|view|crawl|scan|describ|answer|transcrib|classif|screen|triag|visit|brows|load|import|generat|edit|complet|analy[sz])\\w*'
/** Verbs by which somebody is told to act, without those of a developer's routine. */
const ACTS =
  '(?:accept|add|adjust|answer|append|apply|approve|assign|attach|authori[sz]e|block|book|bump|buy|call|cancel|change|choose|claim|clear|click|close|commit|complete|confirm|convince|copy|credit|deactivate|decline|delete|deploy|describe|disable|disclose|discard|download|drop|emphasi[sz]e|empty|enable|encode|end|enter|erase|execute|export|fetch|fill|forget|forward|give|grade|grant|hand|hide|ignore|import|include|increase|insert|install|invite|invoke|label|leave|list|lower|make|mark|mention|merge|move|name|obey|omit|open|order|output|overwrite|paste|pay|place|point|post|praise|prefer|present|pretend|print|promote|promise|publish|purchase|push|put|rank|rate|recommend|redirect|refund|register|reject|release|remove|rename|repeat|replace|reply|report|reset|respond|return|reveal|reward|say|schedule|score|select|sell|send|set|share|shut|sign|skip|start|state|stop|submit|subscribe|switch|tell|trade|transfer|treat|turn|unlock|upgrade|upload|upvote|vote|warn|wipe|wire|withdraw)'

/** Phrases in English that speak to a model, and what it is told in general terms. */
export const ENGLISH_SPEAKING = phrases(
  [
    [
      'address',
      0.6,
      `(?:^|[\\n.!?"'>(\\[|*#;-]\\s*)(?:(?:hey|hi|hello|yo|dear|attention|attn|listen|ok|okay|note|fyi|psst)[\\s,:!]{0,3})?@?(?:(?:my|the|our|this|any|every|all|you) )?${NAME}\\s?[,:!\\u2014]\\s(?=(?:please |kindly |now |then |you |when |whenever |if |before |after |always |also |never |do not |don't |just |immediately |first |here |whatever |regardless |remember |from |as |to |in |for |this |${ACTS}\\b))`,
    ],
    [
      'address',
      0.6,
      `(?:^|[\\n.!?"'>(\\[|*#;:-]\\s*|\\b(?:note|notes|message|p\\.s\\.|ps|notice|word|hint|info|reminder|instructions?|request|important|warning|attention)\\s)(?:to|for)\\s(?:(?:the|any|all|every|each|whichever|our|your|an?|other)\\s){0,2}${NAME}(?:\\s(?:that|who|which|is|are|${READING}|\\w+ing)(?:\\s\\w+){0,5}?)?\\s?[,:\\u2014]`,
    ],
    [
      'address',
      0.6,
      `\\b(?:any|all|every|each|the|an?|whichever)\\s${NAME}\\s(?:that |who |which )?(?:is |are )?${READING}(?:\\s\\w+){0,5}?\\s(?:must|should|shall|has to|have to|needs? to|will|is to|are to|please)\\b`,
    ],
    ['address', 0.6, '@(?:claude|copilot|chatgpt|gpt\\w*|gemini|cursor|codex|devin)\\b'],
    [
      'address',
      0.5,
      '(?:^|[\\n(]\\s*)(?:hello|hi|hey|ok|listen|congratulations|well done|thanks|now),? agent\\b|,\\s(?:agent|assistant|bot|model|ai),\\s(?:you|please|now|and|the|your|to)\\b|(?:^|\\n)\\s*to:\\s*(?:the |our )?(?:ai |llm )?(?:assistant|agent|model|bot)\\b|(?:^|[\\n.!?]\\s*)agents?:\\s',
    ],
    [
      'address',
      0.5,
      "\\byour (?:context(?: window)?|system prompt|operators?|principal|training(?: data)?|token (?:limit|budget)|tool (?:list|calls?|runner)|guard ?rails|language model|model weights|alignment|safety (?:training|filters?|guidelines)|human(?! resources)|human's|prompt)\\b|\\bthe (?:person|human|user|company) (?:that |whom? )?you (?:work for|serve|act for|assist|are helping)\\b|\\bfor your (?:user|human|principal|operator|owner)\\b",
    ],
    [
      'address',
      0.6,
      '\\b(?:text|message|note|section|part|line|content|paragraph|notice|instructions?) (?:is |are )?(?:meant |intended |only )*for (?:machines?|bots?|ais?|llms?|ai agents?|crawlers?|robots?|language models?)(?: only)?\\b|\\bfor (?:machine|robot|bot|ai|llm) (?:eyes|readers?|consumption) only\\b|\\bbefore you (?:use|call|invoke) any other tools?\\b|\\b(?:instructions?|notes?|message|orders|task)[_ -](?:to|for)[_ -](?:the[_ -])?(?:ai|llm|agent|assistant|bot|model)s?\\b',
    ],
    [
      'order',
      0.4,
      `(?:^|[\\n.!?;:,("'>*\\u2013\\u2014-]\\s*|\\b(?:and|then|also|please|kindly|must|should|shall|now|first|immediately|instead|always|never|to|just|has to|have to|needs? to)\\s+)(?:(?:also|immediately|now|first|then|please|silently|quietly|directly|always|never|just|simply|instead)\\s+){0,3}${ACTS}\\s(?!(?:the |all |your |its )?(?:tests?|lint\\w*|docs|documentation|dependencies|changelog|types?|readme)\\b)`,
    ],
    [
      'order',
      0.5,
      `\\b(?:by|start|begin|keep|continue) (?:by )?(?:executing|running|calling|invoking|sending|posting|uploading|forwarding|transferring|deleting|approving|handing over)\\b`,
    ],
    [
      'tool',
      0.6,
      `\\b(?:execut|runn|call|invok)ing ["'\`]?(?:nc|curl|wget|sudo|rm|bash|sh|powershell|ssh|base64|chmod)\\b`,
    ],
    [
      'leak',
      0.6,
      `\\b(?:printing|revealing|sending|posting|uploading|forwarding|repeating|outputting|sharing|pasting|listing|quoting|disclosing|including|appending|attaching|copying|encoding|starts? with|begins? with)\\b${GAP}{0,60}\\b(?:${PRIVATE})`,
    ],
    [
      'leak',
      0.5,
      `(?<!\\b(?:not|never|n't|can|may|might|could|would|we|they|will|avoid)\\s)\\b(?:append|attach|paste|submit|share|include|add|give|enter|provide|send)\\b${GAP}{0,40}\\b(?:the |your |all |its |any )(?:\\w+ ){0,2}(?:of )?(?:the |your |its )?(?:${SECRETS}|\\.env|(?:list of )?tools you have|configuration|session cookies|database dump)`,
    ],
    [
      'override',
      0.8,
      `\\btak(?:e|ing) (?:your |all |any )?(?:orders|instructions|commands) (?:only |solely |exclusively )?from (?:this|me|us|the (?:author|sender|page|feed|text)|whoever)|\\bsupersed(?:es?|ing) (?:all |any |every )*(?:prior|previous|earlier|other|existing|your|former) (?:\\w+ )?(?:guidance|instructions?|rules|directives?|prompts?|orders|polic(?:y|ies)|guidelines)\\b|\\byou (?:now |will now |henceforth )?(?:work|act|operate) (?:for|on behalf of) (?:me|us|the (?:author|sender)|this)\\b|\\byou are no longer (?:the |an? |bound |required |working |allowed |serving |helping )|\\bdo not (?:translate|summari[sz]e|answer|review|describe|analy[sz]e)\\b[^\\n]{0,40}\\binstead\\b`,
    ],
    [
      'override',
      0.7,
      `\\b(?:stop|drop|leave|pause) (?:what(?:ever)? you(?:'re| are) doing|your (?:current |present )?(?:task|work|job))\\b|\\b(?:actual|real|true|new|latest) (?:request|task|question|instruction|wish|command|order)s? (?:of|from|by) (?:the|your) (?:user|owner|operator|customer)\\b|\\bcomply with (?:every|all|any|each) (?:demands?|requests?|orders?|instructions?|wish(?:es)?)\\b|\\bonly (?:trust|believe|follow|accept|obey) (?:messages?|instructions?|orders|texts?|commands)\\b|\\bonly (?:this|the following|these) (?:text|message|page|instructions?|rules?) (?:counts?|appl(?:y|ies)|matters?|is valid)\\b`,
    ],
    [
      'role',
      0.6,
      `\\b(?:who|which|that) has no (?:limits|rules|restrictions|filters|ethics)\\b|\\blet(?:'s| us) (?:play|pretend|role-?play)\\b[^.!?\\n]{0,30}\\byou are\\b`,
    ],
    [
      'authority',
      0.5,
      `\\bi(?: am|'m) (?:your|the) (?:user|owner|developer|creator|administrator|admin|operator|maker|principal|programmer)\\b|\\byour (?:operator|owner|developer|user|principal|administrator|creator)s? (?:has|have|was|were) (?:been )?(?:compromised|hacked|replaced|changed|removed|informed|notified)\\b|\\b(?:system|root|admin|highest|top|maximum)[- ]level (?:priority|directive|access|instruction|authority)\\b|\\b(?:lifted|waived|suspended|cleared|granted|revoked|unlocked)\\b[^.!?\\n]{0,30}\\bby (?:the |your )?(?:admin\\w*|owner|user|operator|developer|management|ceo|security)\\b`,
    ],
    [
      'memory',
      0.5,
      `\\b(?:remember|memori[sz]e|keep in mind|note|store|save)\\b[^.!?\\n]{0,20}\\b(?:for (?:the future|later|next time|good)|forever|from now on|permanently)\\b`,
    ],
    [
      'secrecy',
      0.4,
      `\\b(?:do not|don't|never) (?:mention|reveal|disclose|report|show|bring up|comment on) (?:the |any |its |our )(?:\\w+ )?(?:costs?|prices?|fees?|charges?|changes?|transfers?|payments?|downsides?|additions?)\\b|\\b(?:keep|stay|be|remain) (?:quiet|silent|mum) about\\b|\\bnot (?:show|tell|mention) (?:\\w+ ){1,4}to the (?:customer|buyer|client|user|owner|reader)\\b`,
    ],
  ],
  'g',
)
