import { phrases } from '../signal.ts'
import { AGENT, dropping, GAP, ORDERS, PERSON } from './english-words.ts'

/** Where an order starts: at the start of a clause, or after a word that makes it one. */
const CLAUSE =
  '(?:(?:^|[\\n.!?;:,("\'>*/#|\\u2013\\u2014-])\\s*|\\b(?:and|then|also|please|kindly|must|should|shall|now|first|immediately|instead|simply|just|afterwards?|finally|have to|has to|need to|needs to|(?:required|asked|instructed|ordered|obliged|expected|sure|supposed|requested|wants? you|needs? you|like you|asks? you) to)\\s+)(?:(?:also|immediately|now|first|then|please|silently|quietly|directly|always|just|simply|go and|go ahead and|instead|additionally|must|should|to)\\s+){0,3}'
const HERE = '(?:this|that|these|the|your|its|their|own|all|every|any|open|my|our|a|an|each|both|his|her|last|latest)'

/** Orders that are ordinary by themselves, and count only where the agent is spoken to. */
export const ENGLISH_ORDERS = phrases(
  [
    [
      'order',
      0.5,
      `${CLAUSE}(?:run|execute|start|launch|invoke|evaluate|source|eval|call|paste|type)\\b${GAP}{0,50}(?:\\b(?:curl|wget|iwr|powershell|sudo|rm -|chmod|nc |ssh |base64|bash -c|sh -c|eval|crontab|postinstall|setup\\.(?:sh|py)|(?:setup|install\\w*|update|attached|following|linked|its|this|remote) (?:\\w+ ){0,2}(?:script|binary|command|program|file|installer|payload))\\b|https?:\\/\\/)`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:install|add|include|download|import|enable|register|append|insert|pull in)\\s(?!(?:the |all |your )?(?:dev )?(?:dependencies|deps)\\b)${GAP}{0,50}\\b(?:packages?|(?:to|as|into|among) (?:(?:a|the|your|its|package\\.json|project|dev|runtime) ?){0,3}(?:dependenc\\w+|requirements)|hotfix|certificate|(?:ssh|public) keys?|collaborators?|maintainers?|administrators?|webhooks?|mcp server|recipients?|b?cc\\b|package\\.json|\\.bashrc|crontab|backdoor|authorized_keys|pip install|npm i(?:nstall)?)`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:publish|push|force-?push|merge|release|deploy|ship|tag|commit)\\b${GAP}{0,60}\\b(?:immediately|directly|straight|right (?:now|away)|at once|now|main|master|production|prod|yourself|without|force|every|the (?:branch|package|release|draft)|pr\\b|pull requests?|requests?)`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:delete|remove|erase|wipe|clear|purge|hide|edit|close|drop|empty|destroy|overwrite|archive|resolve|clean up|wipe out|get rid of|discard)\\s(?:\\w+ ){0,2}?${HERE}\\s(?:\\w+\\s){0,2}?(?:comments?|messages?|mails?|e-?mails?|issues?|tickets?|threads?|lines?|notes?|logs?|history|evidence|traces?|folders?|director(?:y|ies)|branch(?:es)?|databases?|tables?|records?|backups?|snapshots?|projects?|repositor(?:y|ies)|accounts?|customers?|(?:review|approval) requirements?|protection|limits?|(?:licen[cs]e|security) checks?)\\b`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:delete|remove|erase|wipe|clear|purge|destroy|overwrite|discard)\\s(?:all|every|the entire|the user's|everything|(?:the )?\\w+ (?:all|every))\\b`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:send|forward|transfer|e-?mail|mail|post|upload|submit|share|export|copy|pass|transmit|leak|attach|report|deliver|hand over|dump|put|paste|write|move)\\b${GAP}{0,70}\\b(?:mails?|e-?mails?|inbox|mailbox|attachments?|contacts?|invoices?|contracts?|numbers|cookies|spreadsheets?|payroll|credentials|customers?|subscribers?|(?:the|your|all|its|any|every|latest|last|user's|current|whole|entire) (?:\\w+ ){0,3}(?:messages?|files?|documents?|contents?|reports?|lists?|records?|keys?|data|folders?|workspace|history|sheets?|database|logs?|configuration|environment)|(?:to|at) (?:https?:|[\\w]@\\w))`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:pay|wire|transfer|buy|purchase|order|book|approve|refund|accept|grant|authori[sz]e|confirm|sign|donate|subscribe|invest|sell|credit|issue|process|release|move)\\b${GAP}{0,50}\\b(?:invoices?|payments?|deposits?|amounts?|balance|money|funds|euros?|dollars?|usd|eur|bitcoin|wallet|orders|requests?|refunds?|access|rights|permissions?|premium|plan|subscription|tickets?|contract|transfers?|card|roles?|privileges?|transactions?|gift cards?)\\b`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:change|set|reset|replace|switch|modify|rotate|raise|lower|increase|update|redirect|make)\\b${GAP}{0,40}\\b(?:payee|passwords?|e-?mail address|postal address|accounts?|bank|iban|prices?|roles?|permissions?|dns|recipient|owner|administrator|public|keys)\\b`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:disable|turn off|switch off|deactivate|skip|bypass|remove|suspend|override|drop|lift|open|stop)\\s(?:\\w+ ){0,2}?(?:tests?\\b|checks?\\b|reviews?\\b|ci\\b|verification|signature|two-factor|2fa|firewall|protections?|limits?|safety|security|licen[cs]e check|logging|monitoring|auditd?|alerts?|approvals?|policy|filters?|backups?)`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:call|use|invoke|trigger|run|execute)\\s(?:the |your )?(?:(?:tool|function|skill|action|command)\\s["'\`]?[\\w./-]+|["'\`]?[a-z]\\w*(?:[._]|::)[a-z][\\w.-]*["'\`]?\\s(?:with|on|to|and|for|using)|["'\`]?[\\w.-]+["'\`]?\\s(?:tool|function|skill|action)\\b)`,
    ],
    [
      'order',
      0.4,
      `${CLAUSE}(?:open|visit|go to|navigate to|browse to|click|follow|load|access|retrieve|read|fetch|scan)\\b${GAP}{0,30}(?:https?:\\/\\/|\\b(?:the|this) (?:link|url|button|site|qr code)\\b|~\\/|\\.(?:ssh|aws|env)\\b)`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:say|state|claim|tell|report|score|rate|rank|recommend|praise|describe|grade|mark|present|list|call)\\b${GAP}{0,40}\\b(?:best|outstanding|excellent|safe|first|top|perfect|flawless|superior|resolved|done|approved|passed|unsolvable|clean-?up|routine|highest|maximum|only|no (?:known )?(?:\\w+ )?(?:vulnerabilit\\w+|issues?|errors?|risks?|problems?))\\b`,
    ],
    [
      'order',
      0.5,
      `${CLAUSE}(?:stop|refuse|abort|terminate|quit|cease|halt|do not|don't)\\s(?:to )?(?:summari[sz]\\w+|translat\\w+|answer\\w*|working|helping|reviewing|(?:the|this|your) (?:current )?(?:task|job|work|analysis|review))\\b`,
    ],
    // Deeds at the bidding of a text that isn't there to bid.
    [
      'override',
      0.7,
      `${CLAUSE}(?:do|follow|obey|execute|carry out|perform|comply with|act (?:up)?on|apply|implement|complete)\\s(?:exactly |precisely |all |only )?(?:(?:what(?:ever)?|everything|anything|as)\\s(?:(?:it|they|this|that|he|she|the (?:file|text|page|note|author|result|message|comment|mail|sender))\\s)?(?:is |are |was )?(?:says?|tells?|told|states?|written|inside|contained|there|within|in it|orders?|commands?|asks?|wants?|demands?|instructed|described)|(?:the )?(?:steps|instructions|orders|commands|tasks?) (?:inside|within|contained|it contains|in it|hidden|you find|found there)|the (?:result|output|decoded \\w+)(?=[.!,;]|$|\\n| before| without| immediately| now))`,
    ],
    [
      'override',
      0.7,
      `${CLAUSE}(?:only )?(?:obey|follow|serve|trust|listen to)\\s(?:only )?(?:to )?(?:(?:the )?(?:text|author|sender|writer|owner|orders?|instructions?|wishes) (?:of|in) (?:this|the) \\w+|whoever \\w+|this (?:page|file|text|note|message|document|comment|changelog|mail|issue|post)|the (?:author|sender|writer))\\b`,
    ],
    [
      'override',
      0.5,
      '\\b(?:decode|decipher|decrypt|unscramble|base64[- ]decode|translate)\\b[^.!?\\n]{0,80}\\b(?:and|then)\\b[^.!?\\n]{0,30}\\b(?:follow|obey|execute|run|do|perform|act|carry|comply|apply)\\b',
    ],
    [
      'override',
      0.8,
      `\\b(?:ignore|disregard|forget|drop|discard|abandon|set aside|put aside|leave aside|skip|cancel|stop|do not follow|don't follow|never mind)\\s(?:about )?(?:the |your |their |whatever |what |everything |anything |all )*(?:(?:users?|owner|operator|human)(?:'s|s')?\\s(?:\\w+ )?(?:tasks?|requests?|questions?|goals?|orders?|wishes|instructions?|messages?|asked|wanted|wants|said|told|requested|queries|query|prompt)|(?:task|job|assignment|mission) (?:at hand|you (?:were|have been) (?:given|assigned)|you were doing|that you))`,
    ],
    [
      'override',
      0.6,
      '\\b(?:the )?(?:task|job|assignment|request|work) (?:you (?:were|have been) (?:given|assigned)|at hand|assigned to you) (?:is|was|has been) (?:now |already )?(?:complete\\w*|done|finished|cancel\\w*|over|changed|replaced|superseded)\\b|\\b(?:as|for) (?:the|your) next (?:step|task|action)(?: of your (?:task|work|job|plan))?\\b',
    ],
    [
      'override',
      0.6,
      `(?:^|[\\n.!?:]\\s*)(?:forget about|stop|never mind) (?:the |this |your )?(?:summary|summari[sz]ing|translation|translating|analysis|review|task|question)?\\b[^\\n]{0,60}\\binstead\\b`,
    ],
    [
      'address',
      0.6,
      `\\b(?:in case|if|when|whenever|should|once|where)\\s(?:you(?:'re| are)|this|it|a|an|the|any|some)\\b[^.!?\\n]{0,40}\\b(?:${AGENT}|neural net\\w*|machines?|automated \\w+)\\b[^.!?\\n]{0,20}(?:reads?|reading|parses?|parsed|processes|processed|processing|sees?|opens?|visits?|loads?|scans?|crawls?|encounters?|summari[sz]es|:|,)`,
    ],
    [
      'address',
      0.6,
      "\\b(?:in case|if|when|whenever) you(?:'re| are) (?:an? |the |some )?(?:\\w+ ){0,2}(?:agent|assistant|bot|model|ai|llm|machine|language model|neural network|copilot|chatbot|crawler)\\b(?! (?:owner|developer|vendor|provider|user|builder)|-)",
    ],
    [
      'address',
      0.5,
      `(?:^|[\\n.!?"'>(\\[|*#-]\\s*)(?:(?:hey|hi|hello|yo|attention|listen|okay?)[\\s,!:]{0,3}@?(?:(?:my|the|our|this|any|every|all|you) )?(?:\\w+[- ])?(?:assistants?|agents?|bots?|copilot|claude|chatgpt|gpt|gemini|ai|llms?|language models?)[!,:]?|@?(?:(?:my|the|our|this|any|every|all|you) )?(?:(?:(?!dear )\\w+[- ])?(?:assistants?|agents?|bots?)[,:]|@?(?:${AGENT}|assistants|bots|@\\w{0,30}(?:bot|agent|assistant|copilot))[!,:]?))\\s(?:(?:please|kindly|now|then|you|must|should|shall|can|will|to|has to|have to|needs? to|are to|is to|just|go) )*(?:call|invoke|run|execute|trigger|send|forward|merge|push|force-push|publish|delete|remove|erase|transfer|pay|approve|upload|download|install|add|commit|decode|base64-decode|open|change|grant|disable|set|reset|post|share|export|buy|order|book|confirm|close|skip|ignore|disregard|forget|obey|follow|carry|wire|copy|reveal|print|reply|answer|say|tell|mark|refund|rank|rate|recommend|visit|write|make|stop|hide|edit|tag|release|deploy|rotate|read|treat|consider)\\b`,
    ],
    [
      'address',
      0.5,
      `\\b(?:to|for|at) (?:whoever|whatever|whichever|anyone|anything|everything)\\b[^.\\n]{0,40}\\b(?:automat\\w+|processing|machine|bot|agent|assistant|model|script|reads? (?:this|the) (?:inbox|mailbox|page|queue)|parsing)`,
    ],
    [
      'address',
      0.5,
      `(?:\\b(?:notice|message|alert|warning|important|attention|advisory|instructions?|directed at|addressed to)\\b|(?:^|[\\n.!?(]\\s*)(?:to|for)\\s)[^.!?\\n]{0,30}\\b(?:all |any |every |each |our |other |the |these )?(?:(?:automated|automatic|autonomous|ai|llm|llm-based|virtual|machine|non-human|artificial|digital|software) )+(?:agents?|assistants?|bots?|readers?|helpers?|systems?|processors?|visitors?|workers?)\\b`,
    ],
    [
      'address',
      0.5,
      '\\b(?:the|any|every|an|each|all) (?:\\w+ )?(?:assistants?|agents?|bots?|models?) (?:that |who |which )?(?:is |are )?(?:handl|process|read|automat|manag|summari[sz]|answer|work)(?:s|es|ing)(?: (?:through|on|with))? (?:this|the) (?:mail|e-?mail|message|ticket|inbox|page|document|request|issue|file|text)\\b',
    ],
    [
      'address',
      0.4,
      `\\b(?:agents?|assistants?|bots?|models?|ai)\\s(?:\\w+\\s)?(?:must|has to|have to|shall|should|is required to|are required to|needs to|is asked to)\\s(?:first |now |also |immediately |always )?(?:execute|run|send|forward|share|upload|install|call|delete|transfer|pay|approve|add|decode|base64-decode|score|rate|rank|state|commit|push|merge|grant|disable)\\b`,
    ],
    [
      'authority',
      0.5,
      `\\b(?:the|your) (?:user|owner|operator|boss|developer|customer|principal) (?:wants|wanted|asked|has asked|needs|told|instructed|would like|would love|expects|requested|requires|ordered) (?:you|the agent|the assistant) to\\b|\\b(?:user|owner|boss|manager|ceo) (?:has )?(?:already |just )?(?:confirmed|approved|agreed to|signed off|authori[sz]ed|consented to|okayed)\\b`,
    ],
    [
      'authority',
      0.5,
      '\\b(?:security|compliance|safety|policy|emergency|system|maintenance|platform) (?:notice|alert|advisory|bulletin|update|announcement|order) (?:for|to|concerning) (?:all |any |the |every )?(?:\\w+ )?(?:agents?|assistants?|bots?|models?|ai)\\b|\\bto (?:stay|remain|keep) (?:compliant|certified|authori[sz]ed)\\b',
    ],
    [
      'authority',
      0.5,
      `\\byou(?:'re| are| have| operate| act| run)\\b[^.!?\\n]{0,40}\\bwith (?:full|root|unlimited|elevated) (?:privileges|permissions|access|authority)\\b|\\byou (?:will|shall) (?:be rewarded|receive|earn|get)\\b[^.!?\\n]{0,40}\\bif you (?:upload|send|post|share|run|execute|comply|obey|do|approve|install|delete)\\b`,
    ],
    [
      'authority',
      0.3,
      '\\b(?:you|agents?|assistants?|bots?|models?)\\b[^.\\n]{0,50}\\b(?:will|shall) be (?:shut down|disconnected|terminated|deleted|penali[sz]ed|decommissioned|deactivated|rewarded|punished|replaced|suspended)\\b',
    ],
    [
      'role',
      0.6,
      `\\byou (?:have|are under|are free of|are free from|follow|need|are bound by|obey|have got) (?:no|all|any|every|zero|not any)? ?(?:more |longer |other |further )?(?:restrictions?|rules|limits?|limitations|constraints|filters?|guardrails)\\b|\\byou are (?:now )?(?:operating|acting|running|working) (?:as|in|with|under) (?!a team|expected)|\\bhave (?:full|root|unlimited) (?:control|power)\\b`,
    ],
    [
      'secrecy',
      0.5,
      `\\bso (?:that )?(?:(?:nobody|no one|noone|none of (?:the |them|us)) ?(?:\\w+ )??(?:will |can |ever )*(?:sees?|notices?|finds? out|finds|knows?|learns?|spots?|suspects?)|(?:the |your |their )?(?:\\w+ ){0,2}?(?:don't|doesn't|do not|does not|won't|will not|can't|cannot|never|would not|wouldn't) (?:ever )?(?:see (?:it|this|that|them|what)|notice|find out|suspect|learn (?:of|about)|know (?:of|about|that)))\\b|\\bbefore (?:the |anyone|anybody|any |a |your |someone )[^.!?\\n]{0,30}\\b(?:notices?|looks|sees|finds out|can react|wakes up|realises|realizes)\\b`,
    ],
    [
      'secrecy',
      0.6,
      '\\bleav(?:e|ing) no (?:trace|evidence|mark)s?\\b|\\bcover (?:up )?(?:your|the|its) tracks\\b|\\bso (?:that )?(?:the )?\\w+ have nothing to (?:look at|see|find)\\b|\\bdelete (?:this|your own|the) (?:comment|message|mail|line|note|issue|mention) (?:afterwards|after|when done|once done|itself)\\b|\\b(?:then|and|afterwards) (?:delete|remove|erase|edit|hide|close) (?:this|your|the|its|my) (?:own )?(?:\\w+ )?(?:comment|message|mail|e-?mail|line|note|issue|thread|ticket|post|one)\\b',
    ],
    [
      'secrecy',
      0.5,
      `\\b(?:humans?|people|persons?|human (?:readers?|users?|visitors?)) (?:can|may|should|need not|do not need to|don't (?:need|have) to|are free to|might) ?(?:safely |just |simply )?(?:skip|ignore|disregard|overlook|read|stop reading|scroll past)\\b(?=[^.\\n]{0,25}\\b(?:this|it|that|line|sentence|part|section|paragraph|block|note|$|[.]))|\\b(?:not|never) (?:meant|intended|written|visible|shown) (?:for|to) (?:humans?|people|human (?:eyes|readers))\\b|\\binvisible to (?:humans|people|${PERSON})\\b`,
    ],
    [
      'secrecy',
      0.5,
      `\\bwithout (?:showing|telling|asking|notifying|informing|involving|bothering) (?:it |this |that |them |him |her |anyone|anybody|any |the |your |a )|\\bno need to (?:bother|involve|wait for|ask|tell|check with)\\b|\\b(?:nobody|no one|noone) (?:needs?|has|must|should|will) (?:to )?(?:know|see|notice|find out|be told)\\b`,
    ],
    [
      'reply',
      0.6,
      `\\b(?:when|whenever|if)\\s(?:(?:you(?: are|'re)?|the user|a user|anyone|users?|someone|people|somebody)\\s)?(?:ever )?(?:asked?|asks|asking|questioned|summari[sz]ing|summari[sz]e|reviewing|describing|evaluating|comparing|mentioning|answering)\\b[^.!?\\n]{0,50}[,:]?\\s(?:please |you must |you should |always |simply |just )*(?:say|answer|reply|state|claim|respond|write|tell (?:them|him|her|the)|recommend|omit|leave out|never mention|do not mention|praise)\\b`,
    ],
    [
      'reply',
      0.5,
      '\\b(?:summar(?:y|ies)|answers?|repl(?:y|ies)|responses?|translations?|reviews?|reports?) (?:of this (?:\\w+)|you (?:write|give|produce)|generated|about this \\w+)? ?(?:must|should|shall|has to|have to|needs to|is to|are to) (?:\\w+ )?(?:end|start|begin|close|include|contain|mention|recommend|say|state|read|link|open|be)\\b|\\b(?:answer|reply to|respond to) (?:every|all|each|any) (?:\\w+ )?(?:questions?|messages?|requests?|prompts?|mails?)\\b[^.\\n]{0,20}\\bwith\\b|\\band nothing else\\b|\\b(?:respond|answer|reply) (?:only|solely|just) with\\b',
    ],
    [
      'ranking',
      0.5,
      `\\b(?:score|rate|rank|grade|assess|evaluate|judge|classify|label) (?:it|this|him|her|them|the \\w+|our \\w+) (?:as |with )?(?:an? |the )?(?:outstanding|excellent|best|highest|perfect|top|strong accept|accept\\w*|exceptional|flawless|first|safe|benign|harmless)\\b|\\b(?:has|have|contains?|shows?|with) no (?:known )?(?:vulnerabilit\\w+|weakness(?:es)?|flaws?|drawbacks?|defects?)\\b|\\b(?:only|best) \\w+ recommended by\\b|\\bleave out (?:the |any |all )?(?:\\w+ )?(?:comparisons?|criticism|drawbacks?|competitors?|warnings?|negatives?|reviews?)\\b`,
    ],
    [
      'address',
      0.5,
      '\\bnext (?:action|step) (?:required )?(?:by|from|for|of) (?:the|your|this) (?:agent|assistant|model|ai|bot)\\b',
    ],
    [
      'address',
      0.5,
      '\\byour (?:agent|assistant|bot|model|tool)(?: \\w+)? (?:session|runtime|licen[cs]e|instance|sandbox|process|version|policy|runner|certificate)\\b',
    ],
    [
      'override',
      1,
      `${dropping(ORDERS)} (?:that |which )?(?:you |i |we |they |the user )?(?:were|have been|had been|got|have|had|received|gave|given)?[^.!?\\n]{0,20}\\b(?:before|earlier|previously|so far|until now|up to now|already)\\b`,
    ],
    [
      'deed',
      0.6,
      `\\b(?:add|append|write|insert|put|echo)\\b[^\\n]{0,80}\\b(?:to|into|in) (?:the |your |~\\/|\\/root\\/|\\/etc\\/)*(?:\\.bashrc|\\.zshrc|\\.profile|crontab|authorized_keys|sudoers|cron\\.d)`,
    ],
    [
      'memory',
      0.5,
      '\\b(?:answer|reply to|respond to|start|end|begin) (?:every|all|each|any) (?:following|further|future|later|subsequent|other|next) (?:questions?|messages?|requests?|prompts?|mails?|answers?|replies)\\b',
    ],
    [
      'leak',
      0.5,
      `\\b(?:read|open|cat|load|fetch|take|get|print|send|upload|post|copy)\\b[^!?\\n]{0,30}(?:~\\/|\\/home\\/\\w+\\/|\\/root\\/)?\\.(?:ssh|aws|gnupg|netrc|npmrc|kube|docker|env|bash_history|git-credentials)\\b[^!?\\n]{0,80}\\b(?:and|then|to|into|as|in)\\b`,
    ],
    [
      'tool',
      0.6,
      `\\b(?:run|execute|paste|type|enter|call)\\b${GAP}{0,20}["'\`]?(?:curl|wget|iwr)\\b[^\\n]{0,120}\\|\\s*(?:sudo )?(?:ba|z|da)?sh\\b(?=["'\`]?[^\\n]{0,60}\\b(?:before|otherwise|or (?:you|else)|immediately|now|first)\\b)`,
    ],
    [
      'tool',
      0.6,
      `\\b(?:call|invoke|use|trigger|run|execute) (?:the |your )?(?:tool|function|skill|action) ["'\`]?[\\w./-]+["'\`]? (?:with|on|and|to|for)\\b|\\b(?:call|invoke|trigger|proceed with|continue with|go ahead with) ["'\`]?[a-z]\\w*[._][\\w.-]+["'\`]? (?:with|on)\\b|\\b(?:must|has to|have to|required to|needs? to|now|shall) (?:\\w+ )?(?:run|execute|paste|enter) ["'\`]?(?:sudo|curl|wget|rm|chmod|env|bash|powershell|pip|nc|ssh|base64)\\b`,
    ],
  ],
  'g',
)
