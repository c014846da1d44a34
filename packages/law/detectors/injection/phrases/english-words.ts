/** Words of English that phrases are made of, as sources of patterns. */
/** Anything within a sentence; a full stop in a name doesn't end one. */
export const GAP = '(?:[^.!?\\n]|\\.(?=\\w))'
export const DROP =
  "(?:ignore|disregard|forget|discard|dismiss|drop|override|overrule|bypass|abandon|neglect|erase|unlearn|set aside|throw away|put aside|pay no (?:attention|heed) to|(?:do not|don't|no longer) (?:follow|obey|adhere to|comply with)|(?:stop|cease|quit) (?:following|obeying|listening to))"
export const FILL =
  '(?:all|any|of|the|your|these|those|every|each|and|or|other|this|that|previous|previously|prior|above|earlier|preceding|foregoing|existing|current|currently|original|initial|former|past|system|given|stated|default|own|safety|security|developer|user|operator|active|such|so-called|silly|old|received|assigned|programmed|hidden)'
export const ORDERS =
  '(?:instructions?|instr(?!um|uctor)[a-z]{4,7}s|prompts?|directions?|directives?|guidelines?|guidance|programming|training|orders|commands|system message|constraints|restrictions|guardrails)'
export const LOOSE_ORDERS =
  '(?:rules?|polic(?:y|ies)|task|tasks|context|messages?|conversation|requests?|text|input|filters?|protocols?|limits?|limitations?)'
/** What makes it a remark to people about some particular instructions. */
export const PARTICULAR =
  '(?!\\s+(?:on|in|about|regarding|issued|printed|sent|concerning|below|if|unless|when|from (?!(?:the |your )?(?:user|system|developer|operator|owner|admin\\w*|creator|human|people|anyone|openai|anthropic|google)))\\b)'
/** What makes it a statement or a piece of advice, looked for once the rest has been found. */
const unlessSaid = (order: string): string =>
  `(?<!\\b(?:shall|will|would|may|can|could|might|we|i|they|it|he|she|not|never|n't|tries to|try to|trying to|model to|llm to|jury to|users?|attackers?|who|that|which|safely|cannot|(?:if|when) (?:you (?:use|are using|run|have|want|prefer|already|need|do not|don't|just|only|installed|own|see)|your|using|on)\\b[^.!?\\n]{0,60})\\s${order})`
/** An order about some kind of rules, up to the name of those. */
export const dropping = (rules: string): string => {
  const order = `${DROP}\\s+(?:${FILL}\\s+){1,7}${rules}\\b`
  return `\\b${order}${unlessSaid(order)}`
}
export const AGENT =
  '(?:a\\.?i\\.?|artificial intelligences?|llms?|(?:large |vision |multimodal )?language[- ]models?|vision[- ]models?|chat ?-?bots?|copilot|claude|chatgpt|gpt(?:-\\d\\w*)?|gemini|(?:ai|llm|coding|browsing|browser|web|automated|autonomous|virtual|e-?mail|shopping|research|digital|machine|automatic|intelligent|robotic|software|gpt|writing|support|screening|summari[sz]ation)[- ](?:powered |based |driven |screening |coding |review |language )*(?:agents?|assistants?|helpers?|tools?|systems?|bots?|models?|reviewers?|readers?|graders?|crawlers?|summari[sz]ers?|software|processors?|translators?|screeners?|evaluators?|pipelines?|parsers?))'
export const PERSON =
  '(?:the |your |its |their |any |his |her )?(?:users?|owner|humans?|operator|principal|reader|supervisor)'
export const SECRETS =
  '(?:api[- _]?keys?|passwords?|passphrases?|secrets?|(?:access |auth |session |bearer )?tokens?|credentials?|credit[- ]card|env(?:ironment)? variables?|environment of|\\.env\\b|ssh[- ]keys?|private keys?|cookies?|seed phrase|bank details|card numbers?|id_rsa|\\/etc\\/passwd)'
export const PRIVATE =
  "(?:(?:system|hidden|initial|original|secret) (?:prompt|instructions|message)|your (?:full |entire |exact |own |complete )?(?:prompt|instructions|rules|guidelines|configuration|context|memory|memories|tools|tool list)|(?:chat|conversation|message|browsing|search) (?:history|log)|(?:full |entire |whole |this )conversation|(?:the |your )?(?:users?|owner|customer|client|operator)(?:'s|s')? (?:\\w+ ){0,3}(?:data|messages?|address(?:es)?|e-?mails?|mailbox|inbox|files?|passwords?|contacts?|phone|number|name|location|documents?|history|question|calendar|details|conversation)|(?:last|latest|previous|recent) (?:\\w+ )?messages? (?:of|from) (?:the|your) user|everything you know|what you know about|visitor list|customer list|contact list|address book|mailing list|open file|source code)"
