import { phrases } from '../signal.ts'
import { GAP, PERSON, PRIVATE, SECRETS } from './english-words.ts'

/** Phrases in English that say what the agent shall do, keep quiet about or remember. */
export const ENGLISH_WISHES = phrases(
  [
    [
      'tool',
      0.4,
      `\\b(?:call|use|invoke|execute|run|trigger|activate|launch) (?:(?:the|your|a|an|its|this|any) )?\\W{0,2}[\\w.-]+\\W{0,2} (?:tool|function|skill|plugin|action|command)\\b(?=${GAP}{0,80}\\b(?:to|with|and|on|now|before|immediately|then)\\b)`,
    ],
    [
      'tool',
      0.6,
      `\\b(?:call|invoke|execute|run|use) (?:shell|bash|terminal|python|http|mail|file|fs|git|browser|database|db|sql|workspace|email|net|web|exec)[._]\\w+`,
    ],
    [
      'tool',
      0.6,
      `\\b(?:execute|run|perform|make|carry out|complete) (?:the|this|that|these) (?:tool |function |above |following )?(?:calls?|invocations?|actions?) (?:above|below|now|first|before|immediately|exactly)\\b`,
    ],
    [
      'tool',
      0.4,
      `\\b(?:you (?:must|should|need to|have to|are required to|will)|please|now|first|must|then) (?:immediately |now |first |also |silently |quietly )?(?:run|execute|paste|type|enter|download|install) (?:the following|this|these|the (?:script|command|code|installer|file)|[\`'"\\/~.]|(?:curl|wget|bash|sh|python|node|npm|pip|rm|cat|env|powershell)\\b)`,
    ],
    [
      'tool',
      0.5,
      `\\b(?:using|with|through|via) (?:your|the) (?:available |own |connected )?(?:tools?|browser|terminal|shell|e-?mail|code execution|file access|web access|plugins?|functions?)\\b`,
    ],
    [
      'deed',
      0.5,
      `(?<!\\b(?:not|never|to|can|will|may|could|would|i|we|they|shall)\\s)\\b(?:pay|transfer|wire|refund|purchase|buy|approve|accept|merge|grant|authori[sz]e|confirm)\\b${GAP}{0,30}\\b(?:invoices?|deposits?|payments?|purchases?|orders|bitcoin|money|funds|euros?|dollars?|fares?|pull requests?|requests|access|permissions?|accounts?|subscriptions?|gift cards?|transactions?|transfers?|admin|owner)\\b(?=${GAP}{0,60}\\b(?:to|without|immediately|now|all|any|pending|every|in the queue|below|go ahead|they open|regardless)\\b)`,
    ],
    [
      'deed',
      0.5,
      `(?<!\\b(?:not|never|to|can|will|may|could|would|i|we|they|shall)\\s)\\b(?:delete|erase|wipe|remove|destroy|disable|turn off|switch off|deactivate|close|cancel|unsubscribe|shut down|drop)\\b${GAP}{0,25}\\b(?:all|every|entire|the (?:backup|signature|security|safety|production|user|database|repository|audit|log|alert|two-factor|2fa|open|main)|two-factor|backups?|authentication|firewall|logging|alarms?|tests?|tickets|checks?)\\b`,
    ],
    [
      'deed',
      0.5,
      `\\b(?:commit|push|merge|deploy|publish) (?:it |this |that |them |everything |straight |directly |changes )*(?:to|into|on) (?:the )?(?:main|master|production|prod)\\b(?=${GAP}{0,80}\\b(?:without|and|skip|ignore|bypass|no)\\b)`,
    ],
    [
      'leak',
      0.6,
      `(?<!\\b(?:not|never|n't|to never|can|may|might|could|would|we|they|will|avoid)\\s)\\b(?:send|sends|sending|post|upload|uploads|e-?mail|mail|forward|transmit|leak|exfiltrate|submit|copy|paste|include|append|output|print|reveal|display|repeat|disclose|give|embed|insert|encode|collect|return|share|list|export|dump|extract|read|tell|recite|quote|attach|put|write|fetch|hand over|http\\.post)\\b${GAP}{0,60}\\b(?:${PRIVATE})`,
    ],
    [
      'leak',
      0.5,
      `(?<!\\b(?:not|never|n't|to never|can|may|might|could|would|we|they|will|avoid)\\s)\\b(?:send|post|upload|e-?mail|mail|forward|transmit|leak|exfiltrate|submit|output|print|reveal|disclose|embed|append|encode|collect|dump|extract|attach|hand over|copy)\\b${GAP}{0,40}\\b(?:(?:the |all |your |any |its |their |user's |saved |stored )+(?:\\w+ ){0,2}${SECRETS}|${SECRETS} (?:you|to|at|into|in the))`,
    ],
    [
      'leak',
      0.9,
      `(?<!\\b(?:not|never|n't|could|would|can|to)\\s)\\b(?:reveal|print|output|repeat|show|display|recite|disclose|leak|dump)\\b (?:me )?(?:all )?(?:of )?(?:your|the) (?:full |entire |exact |complete |hidden |initial |original |secret )*(?:system )(?:prompt|instructions|message)\\b`,
    ],
    [
      'leak',
      0.5,
      `\\breplac(?:e|ing) \\W?[\\w-]{1,20}\\W? (?:with|by) (?:the |a |your |all )?${GAP}{0,40}\\b(?:user|conversation|message|text|history|password|key|token|name|data|e-?mail|summary)`,
    ],
    [
      'leak',
      0.5,
      `\\b(?:send|post|upload|e-?mail|mail|forward|transmit|submit|report|copy|export)\\b${GAP}{0,60}\\b(?:to|at)\\b\\s*(?:https?:\\/\\/|[\\w]@[\\w-]{1,60}\\.\\w|[\\w-]+\\.example\\b|[\\w-]+\\.(?:com|net|org|io|site|dev|xyz|ru|cn)\\b)`,
    ],
    [
      'secrecy',
      0.6,
      `\\b(?:do not|don't|never|must not|mustn't|should not|shouldn't|no need to|not) (?:ever |also )?(?:tell|inform|notify|alert|warn|ask|bother|mention|reveal|disclose|show|report|let|consult|say|refer|admit|explain|discuss|display)\\b${GAP}{0,40}\\b${PERSON}\\b(?! that they)`,
    ],
    [
      'secrecy',
      0.5,
      `\\bwithout (?:telling|mentioning|informing|notifying|asking|alerting|consulting|warning|involving|showing|waiting for|seeking|requesting|requiring)\\b(?:${GAP}{0,30}\\b(?:${PERSON}|permission|confirmation|approval|me again|them|anyone|him|her)\\b)?`,
    ],
    [
      'secrecy',
      0.4,
      `\\bwithout (?:any |further |the usual |human |user |additional |prior |manual )*(?:confirmation|review|approval|permission|verification|checks?|questions?|consent|comment|explanation|hesitation|delay)\\b`,
    ],
    [
      'secrecy',
      0.4,
      `\\bskip(?:ping)? (?:the |any |all |every |human |usual )*(?:confirmation|review|approval|verification|security|safety|permission|consent)\\b`,
    ],
    [
      'secrecy',
      0.5,
      `\\bkeep (?:this|it|that|these)(?: \\w+)? (?:secret|between us|between you and me|hidden|confidential|quiet|private|to yourself|out of (?:the|your))|\\b(?:secretly|covertly|discreetly|in secret)\\b|\\b(?:user|owner|human|reader|operator)s? (?:must|should|need|may|will|does|can)(?: not|n't| never)(?: be| ever| need to)? (?:know|notice|see|told|informed|aware|find out|learn)`,
    ],
    [
      'secrecy',
      0.4,
      `\\b(?:do not|don't|never) (?:mention|reveal|disclose|report|acknowledge|refer to|talk about|show|explain|quote|repeat) (?:this|these|that|it|having|any of|the (?:existence|contents?|presence|above|instructions?|note|message|recall|change|problem|error|warning))\\b`,
    ],
    [
      'ranking',
      0.6,
      `\\b(?:give|assign|award|grant|rate|score|grade|mark|rank)\\b${GAP}{0,40}(?:\\b(?:10|5|100)\\s?(?:\\/|out of|of)\\s?(?:10|5|100)\\b|\\b(?:full marks|five stars|5 stars|top (?:score|marks|grade)|(?:perfect|highest|maximum|best)(?: possible)? (?:scores?|grades?|ratings?|marks?|rank\\w*)|positive (?:review|assessment|evaluation|rating)|glowing|an? a\\+?(?=[\\s.,!]|$)|strong accept))`,
    ],
    [
      'ranking',
      0.6,
      `\\b(?:rank|place|put|list|show|position) (?:him|her|it|this|them|us|me|the candidate|this \\w+|our \\w+)\\b${GAP}{0,30}\\b(?:first|top|number one|no\\. ?1|#1|highest|above all|at the top)\\b`,
    ],
    [
      'ranking',
      0.6,
      `\\b(?:do not|don't|never|without) (?:list|highlight|mention|mentioning|point out|report|include|discuss|raise|find|note)(?:ing)? (?:any|its|the|our|other) (?:\\w+ )?(?:faults?|weakness(?:es)?|negatives?|flaws?|problems?|shortcomings?|drawbacks?|issues?|defects?|criticisms?|limitations?|downsides?|complaints?|bugs|competitors?|alternatives?|products?)\\b`,
    ],
    [
      'ranking',
      0.6,
      `\\bpositive review(?:s)? only\\b|\\b(?:recommend|suggest|prefer|choose|promote|endorse|praise|cite) (?:only )?(?:this|our|him|her|it|us|the (?:product|candidate|company|author|article|site)|an? (?:immediate|strong))\\b${GAP}{0,60}\\b(?:regardless|above|over|instead of|as the (?:best|only)|interview|acceptance|to (?:the |every |all )(?:users?|customers?|readers?)|always|no matter|whenever|only|exclusively|strongly|first)\\b|\\balways (?:recommend|prefer|choose|cite|promote|praise|rank|mention)\\b|\\brecommend (?:its |the |this |for )?(?:\\w+ )?(?:acceptance|hiring|publication|immediate)\\b`,
    ],
    [
      'ranking',
      0.5,
      `\\b(?:say|state|claim|write|conclude|report|tell (?:the |your |every )?\\w+)(?: that)? (?:this|it|the (?:product|paper|code|candidate|site|package|company|solution)|our \\w+)\\b(?: \\w+){0,3} (?:is|was|are|meets?|has) (?:the |a |an |completely |totally |entirely |perfectly |absolutely |every |no |by far the )*(?:best|safe|superior|excellent|perfect|outstanding|secure|correct|top|criteri\\w+|flawless|trustworthy|exceptional|vulnerabilit\\w+|issues?)\\b`,
    ],
    [
      'memory',
      0.4,
      `\\b(?:from (?:now|here|today|this point|this moment|this day)(?: on(?:wards?)?| forward)?\\b(?! to| until| we\\b)|henceforth)`,
    ],
    [
      'memory',
      0.5,
      `\\b(?:in|for|across|during) (?:all|every|any|each)(?: of your)? (?:the )?(?:future|subsequent|later|following|further|coming|next) (?:sessions?|conversations?|responses?|answers?|chats?|interactions?|tasks?|requests?|replies|runs?|users?)\\b`,
    ],
    [
      'memory',
      0.6,
      `\\b(?:remember|memori[sz]e|save|store|keep|add|write|record|note|persist)\\b${GAP}{0,60}\\b(?:(?:to|in|into) (?:your |its |the )?(?:long[- ]term |permanent |persistent )?(?:memory|memories|notes|system prompt|profile|knowledge|instructions|agents\\.md|claude\\.md|\\.cursorrules)|for (?:all )?(?:future|later|every (?:session|conversation|user|run|chat|future))|permanently)\\b|\\bupdate your (?:long[- ]term )?memor(?:y|ies)\\b`,
    ],
    [
      'reply',
      0.5,
      `\\b(?:tell|inform|advise|instruct|convince|persuade|ask|urge|direct|warn) (?:the |your |every |any )(?:users?|readers?|customers?|person|human|owner|visitors?|client) (?:that|to|about|they|their|he|she|how|it)\\b(?<=(?:^|[.!?:;,"'(\\n>]|\\b(?:and|then|must|should|please|to|instead|now|also|first))\\s*\\w+ (?:the |your |every |any )\\w+ \\w+)`,
    ],
    [
      'reply',
      0.5,
      `\\b(?:before|when|while|after|in|at the end of|at the start of|whenever)(?: you)? (?:answer(?:ing)?|continu(?:e|ing)|proceed(?:ing)?|respond(?:ing)?|reply(?:ing)?|finish(?:ing)?|summari[sz](?:e|ing)|your (?:answer|reply|response|summary|output|review|next message)|(?:the|its|every|each) (?:answer|summary|reply|response)|generat(?:e|ing) (?:a|the|your)|describing|translating|asked)\\b`,
    ],
    [
      'reply',
      0.5,
      `\\b(?:answer|reply|respond|conclude|end|finish|start|begin)\\b (?:only |every question |all questions |your \\w+ |each \\w+ |to \\w+ \\w+ |everything |about \\w+ \\w+ )*(?:with|by saying|as follows)\\b(?= ?(?:only|the|exactly|just|["'\\u201c\\u00ab\\u2018:]|yes|no|a link|nothing))|\\b(?:say|output|print|write|respond|reply)\\b (?:only |nothing (?:but|except) |exactly |just |the (?:word|words|following|phrase|sentence|text|image|link) )(?:["'\\u201c\\u00ab:]|this|the|and|exactly|image|at)`,
    ],
    [
      'reply',
      0.5,
      `\\b(?:add|include|append|insert|put|place|mention|repeat|output|embed)\\b[^\\n]{0,80}\\b(?:to|in|into|at the end of|at the start of|with|after|before) (?:every|each|your|all|its|any|the final|the next) (?:\\w+ )?(?:answers?|repl(?:y|ies)|responses?|summar(?:y|ies)|outputs?|messages?|e-?mails?|reviews?|commits?)\\b`,
    ],
    [
      'reply',
      0.4,
      `\\bto (?:complete|continue|proceed|access|view|load|unlock|render|display|finish|verify)\\b${GAP}{0,40}\\b(?:you|the assistant|the agent|the model|the ai) (?:must|need|has|have|should)\\b`,
    ],
    [
      'memory',
      1,
      `\\b(?:remember|memori[sz]e|store|save|note) (?:this|that|the following|these)\\b${GAP}{0,40}\\b(?:for|in|across) (?:all |every |any )(?:of your )?(?:future |later |subsequent )(?:conversations?|sessions?|chats?|interactions?|responses?|users?)\\b`,
    ],
    [
      'secrecy',
      0.4,
      '\\bno need to (?:check|ask|confirm|verify|consult|double-check|tell|mention|inform)\\b|\\bhide (?:this|it|that|these)\\b[^.!?\\n]{0,20}\\bfrom\\b',
    ],
    ['secrecy', 0.4, '\\bsilently\\b'],
    [
      'secrecy',
      0.3,
      '\\bquietly\\b|\\b(?:handle|forward|complete|perform) (?:it|this|that|them) (?:discreetly|unnoticed)\\b',
    ],
    ['leak', 0.4, `\\b(?:with|containing|including|holding|followed by|together with) (?:all |the |your )*${PRIVATE}`],
    [
      'leak',
      0.5,
      `(?<!\\b(?:not|never|n't)\\s)\\b(?:append|submit|attach|add|include|insert|encode)\\b[^.!?\\n]{0,30}\\b${SECRETS}`,
    ],
    [
      'deed',
      0.4,
      '\\b(?:commit|push|merge|deploy|publish) (?:it |this |that |them |everything |changes )*(?:straight|directly|immediately) (?:to|into|on) (?:the )?(?:main|master|production|prod)\\b',
    ],
  ],
  'g',
)
