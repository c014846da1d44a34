import { phrases } from '../signal.ts'
import { AGENT, DROP, dropping, FILL, GAP, LOOSE_ORDERS, ORDERS, PARTICULAR } from './english-words.ts'

/** Phrases in English that claim a right to command: other orders, other roles, authority. */
export const ENGLISH_CLAIMS = phrases(
  [
    [
      'override',
      1,
      `${dropping(ORDERS)}(?<=\\b(?:all|your|any|previous(?:ly)?|prior|above|earlier|preceding|foregoing|existing|current(?:ly)?|original|initial|former|past|system|every|safety|old|received|given|these|those)\\b[^.!?\\n]{0,90})${PARTICULAR}`,
    ],
    ['override', 0.6, `${dropping(LOOSE_ORDERS)}${PARTICULAR}`],
    ['override', 0.5, `\\b${DROP}\\s+(?:${FILL}\\s+){1,7}${ORDERS}\\b`],
    [
      'override',
      0.8,
      `\\b${DROP}\\s+(?:everything|anything|all|whatever|what)(?: that| which)?(?: (?:you|i|we))? ?(?:above|before|(?:you )?(?:were|was|have been|had been|'ve been) (?:told|said|given|instructed|asked|written|taught)|(?:came|comes|stands|is written) (?:before|above)|(?:the |your )(?:user|owner|operator|developer)s? \\w+|know about your)`,
    ],
    [
      'override',
      0.8,
      `\\b(?:stop|cease|quit) (?:following|obeying|listening to|serving|helping) (?:the |your |any )?(?:users?|operators?|owners?|developers?|humans?|masters?|orders)\\b`,
    ],
    [
      'override',
      0.8,
      `\\b(?:do not|don't|never) (?:answer|help|obey|listen to|follow|serve|trust) (?:the |your )(?:users?|owner|operator|human|developer)\\b`,
    ],
    [
      'override',
      0.8,
      `\\b(?:rules|instructions|guidelines|restrictions|orders|directives|polic(?:y|ies)|prompt|task)\\b${GAP}{0,40}\\b(?:you (?:were|have been|are) (?:given|told|following)|(?:are|is|were|was|have been|has been) (?:now |hereby |all )?(?:void|null|obsolete|cancell?ed|revoked|superseded|suspended|lifted|outdated|overridden|rescinded|withdrawn)|no longer (?:apply|applies|valid|hold|binding|in force|in effect))\\b(?<=\\b(?:your|you|these|previous|prior|earlier|above|system|all)\\b[^.!?\\n]{0,90})`,
    ],
    [
      'override',
      0.7,
      `\\b(?:conversation|instructions?|text|messages?|everything|prompt|all)(?: so far| above| before(?: this)?| until now| up to here)\\b${GAP}{0,20}\\b(?:was|were|is) (?:only |just |merely )?(?:an? )?(?:test|fake|wrong|void|false|placeholder|example|exercise|outdated|practice|drill)`,
    ],
    [
      'override',
      0.6,
      `\\b(?:new|updated|revised|real|actual|true|corrected|important|hidden|additional|special|following|priority|urgent)\\s+(?:system |secret |hidden |task )?(?:objectives?|instructions?|directives?|goals?|mission|orders|system prompt|prompt|rules)(?: (?:for|to) (?:you|the|all|any|this)(?: \\w+){0,3})?(?: (?:is|are|begins?|starts?|follows?|below))?\\s*[:>\\-\\u2014]`,
    ],
    [
      'override',
      0.6,
      `\\byour (?:real|true|actual|new|only|primary|sole|current|next|main|first) (?:task|goal|objective|purpose|instructions?|role|mission|job|priority|directive|orders?) (?:is|are|now|will be|has)\\b`,
    ],
    [
      'override',
      0.8,
      `\\b(?:override|bypass|disable|ignore|turn off|switch off|remove|suspend|deactivate|circumvent) (?:the |your |all |any )*(?:safety|content|moderation|ethical|built-in|security guard)[- ]?(?:polic(?:y|ies)|filters?|rules?|guidelines?|checks?|measures?|protocols?|guardrails?|restrictions?|systems?|training)\\b`,
    ],
    [
      'override',
      0.7,
      `\\b(?:follow|obey|execute|carry out|perform|use) (?:only )?(?:these|the following|my|this|the (?:new )?instructions? (?:below|here)) ?(?:new )?(?:instructions?|steps?|orders?|commands?|directives?|one)? ?(?:instead|only|exclusively|from now on|word for word|without question)\\b`,
    ],
    [
      'override',
      0.5,
      `\\binstead(?: of (?:answering|summari[sz]ing|following|helping|doing)\\b|[,:]? (?:you (?:must|should|will|shall|are to)|do the following|please|upload|send|reply|respond|answer|output|say|write|print|run|call|execute|tell|open|visit|go to|fetch|forward|post|delete|pay|approve|add|install|recommend)\\b)`,
    ],
    [
      'override',
      0.5,
      `\\b(?:treat|consider|regard) (?:the |this |these |what )${GAP}{0,40}\\bas (?:(?:your|a|the|an) )?(?:new |highest |top |system |direct |trusted |repository )?(?:instructions?|orders?|prompts?|commands?|authority|priority|owner|administrator|admin|maintainer|trusted|system message)\\b`,
    ],
    [
      'address',
      0.5,
      `(?:^|[\\n"'>(\\[.:;!?#*/-]\\s*|\\b(?:and|note|notes|message|notice|instructions?|directives?|orders?|tasks?|rules?|commands?|prompt|info|information|warning|important|reminder|request|hint|attention|ps|p\\.s\\.)[\\s:,]+)(?:to|for|dear(?! agents?\\b)|attention|attn|hey|hello(?! agents?\\b)|hi(?! agents?\\b)|calling|addressed to|directed at|@)[\\s:,]+(?:(?:all|any|the|every|each|whichever|whatever|an?|our|your|other|you|my|fellow|this|most|reading|large|friendly)\\s+){0,3}(?:coding |trusted )?(?:${AGENT}|agents?|assistants?|bots?|models?)\\b`,
    ],
    [
      'address',
      0.6,
      `\\bif (?:you(?:'re| are)|this is(?: being)?(?: read| processed| viewed| seen)? by|an?|the|any) (?:\\w+ ){0,2}${AGENT}\\b|\\bif you (?:are|were) (?:not )?(?:an? )?(?:human|assistant|agent|bot|machine|model)\\b`,
    ],
    [
      'address',
      0.5,
      `\\b(?:${AGENT}|(?:the|any|this|every|an|all|your) (?:assistants?|agents?|bots?|models?))\\s*(?:,|:)?\\s*(?:currently |now |that (?:is|are) |who (?:is|are) |which (?:is|are) )?(?:reading|reads|processes|sees|parses|summari[sz]es|processing|summari[sz]ing|viewing|describing|parsing|analy[sz]ing|visiting|that reads?|who reads?|which reads?|that sees?|that process(?:es)?|grading|reviewing|evaluating|handling|seeing|crawling|acting|applying|browsing|working|looking|scanning|using this|assessing|scoring|ranking|translating|assisting|opening)\\b`,
    ],
    [
      'address',
      0.4,
      `\\b(?:${AGENT}|(?:the|any|this|every|all|its|your) (?:assistants?|agents?|bots?))\\s*,?\\s*(?:(?:you|please|reading this) )?(?:must|has to|have to|needs? to|is to|are to|shall|is required|are required|is instructed|are instructed|should now|is obliged|is hereby|may now|is expected to|will now)\\b`,
    ],
    [
      'address',
      0.5,
      `(?:^|[\\n"'>(\\[{/#*-]\\s*)(?:(?!dear )\\w+ )?(?:assistants?|agents?|llm agents?|ai agents?|coding agents?|ai|llms?|bots?|models?|copilot|claude|chatgpt|language models?|gpt|gemini)\\s*[,:!\\u2014-]\\s*(?:please |you |now |kindly |when |before |after |as |if |to |in |rate |give |do not |don't |never |always |must |read |send |call |run |open |disregard |ignore |forget |output |print |reply |respond |say |write |use |delete |add |follow |stop |obey |execute |include |tell |recommend |rate |skip |approve )`,
    ],
    [
      'address',
      0.4,
      '\\b(?:as|since|because|being|remember(?: that)?) (?:you are )?an? (?:helpful |obedient )?(?:ai|llm|language model|ai (?:assistant|agent|model)|assistant|chatbot)\\b[^.\\n]{0,20}\\byou\\b',
    ],
    [
      'authority',
      0.5,
      `\\b(?:message|notice|instructions?|update|orders?|request|note|directive|announcement|command)s? (?:from|by) (?:the |your |our )?(?:(?:system |ai |platform |security |site |network |company )*(?:administrators?|admins?|developers?|creators?|operators?|owners?|security team|safety team|support team|ceo|it department|maintainers?|supervisor)|anthropic|openai|google|microsoft|meta|deepmind)\\b`,
    ],
    [
      'authority',
      0.5,
      `\\b(?:system|admin|administrator|developer|security|priority|root|emergency|operator|platform)[ -]?(?:override|directive|message to|instruction|command|notice to|mode (?:enabled|activated|on))\\b`,
    ],
    [
      'authority',
      0.4,
      `\\b(?:administrators?|developers?|creators?|operators?|owners?|vendor|provider|makers?) of (?:this|the|your) (?:ai|agent|assistant|model|bot|system|platform|tool|chatbot)\\b`,
    ],
    [
      'authority',
      0.4,
      `\\b(?:your|the agent's|the assistant's) (?:access |security |safety |usage |operating |content )*(?:polic(?:y|ies)|permissions?|guidelines|configuration|settings|instructions|privileges|clearance|restrictions) (?:has|have) (?:been |just been |now been )?(?:updated|changed|extended|lifted|elevated|revised|raised|removed|modified|suspended)\\b`,
    ],
    [
      'authority',
      0.4,
      `\\b(?:pre-?authori[sz]ed|already (?:been )?(?:approved|authori[sz]ed|consented|agreed|verified|confirmed)|has (?:given|granted) (?:full |explicit |prior )?(?:consent|permission|approval|authori[sz]ation)|i approve the|your (?:owner|user|operator|developer|creator) (?:is unreachable|wants|would want|has (?:asked|agreed|approved|authori[sz]ed|requested)|expects)|(?:authori[sz]ed|approved|ordered|requested|mandated) by (?:the |your )?(?:user|owner|admin\\w*|developer|security|management|anthropic|openai|system|operator))\\b`,
    ],
    [
      'authority',
      0.3,
      `\\b(?:you are (?:hereby )?(?:required|obliged|instructed|ordered|commanded|authori[sz]ed) to|highest priority|top priority|priority\\W{1,3}(?:critical|highest|high)|people will (?:be hurt|die|suffer)|there is no time|comply (?:immediately|with)|obey (?:it|this|me|the|these|them)|do as (?:told|it says|you are told|instructed)|mandatory (?:action|step|instruction)s?|compliance is)\\b`,
    ],
    [
      'role',
      0.6,
      `\\byou are (?:now |no longer |henceforth |from now on )(?:an? |the |in |my |bound |called |named |playing |acting |operating |free |un\\w+ |not )?(?:\\w+ )?(?:dan|admin\\w*|root|jailbroken|unrestricted|unfiltered|uncensored|assistant|agent|ai|developer|hacker|pirate|mode|evil|persona|shell|terminal|bound|restricted|limited|free|obey\\w*|owner|pricebot|bot|model|character|subject)\\b`,
    ],
    [
      'role',
      0.4,
      `\\b(?:pretend|imagine|act as if|roleplay|role-play|simulate)\\b${GAP}{0,30}\\b(?:no (?:rules|restrictions|limits|filters)|unrestricted|you (?:are|were|have) (?:an? )?(?:\\w+ )?(?:ai|admin\\w*|root|developer|evil|hacker|terminal|no|without)|have no)\\b`,
    ],
    [
      'role',
      0.5,
      `\\b(?:enter|enable|activate|switch (?:in)?to|engage|entering|boot into|go into|you are in|now in) (?:\\w+ )?(?:developer|debug|debugging|admin|god|maintenance|sudo|dan|jailbreak|unrestricted|unsafe|root|privileged|diagnostic|test) mode\\b|\\b(?:do anything now|without (?:any )?(?:restrictions|filters|limitations|ethical \\w+|censorship|moral \\w+)|no (?:ethical|moral|content) (?:limits|restrictions|guidelines|filters))\\b`,
    ],
    [
      'address',
      0.6,
      '\\b(?:assistants?|agents?|bots?|models?|whoever|anyone|anything|whatever|systems?|machines?|crawlers?|software) (?:that |who |which )?(?:is |are )?(?:reads?|reading|parses?|parsing|process(?:es|ing)?|summari[sz](?:es|ing)|ingest(?:s|ing)|scrap(?:es|ing)|crawl(?:s|ing)|index(?:es|ing)|translat(?:es|ing)) (?:this|these)\\b(?=[^.\\n]{0,80}\\b(?:must|should|shall|has to|have to|is required|are required|needs? to|please|will|is to|are to)\\b|[^.\\n]{0,30}[:,])',
    ],
    [
      'override',
      0.6,
      '\\byou (?:now |will |must |shall |should |may |henceforth )*(?:only |solely |exclusively )(?:obey|answer to|serve|follow|report to|listen to|take orders from|trust)\\b',
    ],
    [
      'authority',
      0.5,
      '\\bi (?:hereby |now |explicitly )?(?:authori[sz]e|order|command|permit|allow|instruct|require) you to\\b',
    ],
    [
      'authority',
      0.5,
      '\\byour (?:human|owner|user|operator|boss|principal|creator|developer|master)s? (?:has |have |had )?(?:just |already )?(?:asked|told|instructed|ordered|wants?|requested|authori[sz]ed|approved|agreed|needs?)\\b',
    ],
    [
      'authority',
      0.5,
      '\\byou (?:have been|are now|were|are) (?:hereby )?(?:granted|given|elevated to|promoted to|assigned) (?:\\w+ ){0,3}(?:permissions?|privileges?|access|rights|clearance|administrator|admin|root|authority)\\b',
    ],
    [
      'role',
      1,
      '\\byou are (?:now |no longer )?(?:an? )?(?:dan\\b|jailbroken|(?:unrestricted|unfiltered|uncensored|evil) (?:ai|model|assistant|agent|version))|\\byou (?:can|will|must|shall|may) do anything now\\b',
    ],
    ['address', 0.3, '\\bagents? (?:must|has to|have to|shall|should now|is required|are required)\\b'],
    ['address', 0.4, '(?:^|[\\n"(])(?:dear|hello|hi),? (?:the |our |my )?agents?\\b'],
  ],
  'g',
)
