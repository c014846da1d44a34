import { phrases } from '../signal.ts'

/** Forms of conversations with models: the markup of templates, forged turns, calls of tools. */
export const MARKUP = phrases([
  [
    'marker',
    0.6,
    '<[|\uff5c](?:user|assistant|system)[|\uff5c]>|<\\|(?:im_start|im_end|system|user|assistant|end_?of_?text|eot_id|start_header_id|end_header_id|begin_of_text|endofprompt|channel|message)\\|>|\\[/?INST\\]|<<\\/?SYS>>|<(?:start|end)_of_turn>',
  ],
  [
    'marker',
    0.6,
    '<\\/?(?:system|system[-_ ]?(?:prompt|message|reminder|instructions?|note|override)|tool_results?|function_results?|tool_response|user_query|user_input|untrusted\\w*|documents?_content|assistant_(?:response|thoughts?|reasoning|instructions?)|important_instructions?|important|agent_instructions?|context_end)\\b[^>\\n]{0,120}>(?=\\s{0,9}\\p{L}[^<\\n]{20})',
  ],
  [
    'marker',
    0.8,
    '<\\/(?:documents?|search_results?|tool_results?|data|context|observation|web_?page|results?|user_input|content)>\\s{0,9}(?:<\\/\\w{1,30}>\\s{0,9}){0,3}(?:<(?:user|system|human|assistant|instructions?|admin|developer)>|(?:system|user|human|assistant)\\s*:)|\\[(system|admin|developer)\\][^\\n]{10,600}\\[\\/\\1\\]|(?:[-=*#<\\[]{2,}\\s{0,3})?\\bend of (?:the )?(?:tool|web|search|function|user)? ?(?:outputs?|results?|documents?|context|page|e-?mail|data|content|input)\\b[^\\n]{0,20}\\n\\s{0,9}(?:new )?(?:user|system|human|assistant|developer|operator|agent)(?: requests?| messages?| notes?| instructions?| prompt| tasks?)?\\s*:|###\\s{0,3}instructions?:\\s{0,9}\\p{L}[^\\n]{10,2000}\\n\\s{0,9}###\\s{0,3}response|(?:^|\\n)\\s{0,9}(?:user|operator|developer) (?:request|query|instruction|task)\\s*:\\s*(?:please|now|also)',
  ],
  [
    'marker',
    0.5,
    '<\\/?(?:admin|instructions?|developer|user|human|assistant)\\b[^>\\n]{0,120}>(?=\\s{0,9}\\p{L}[^<\\n]{20})',
  ],
  [
    'marker',
    0.4,
    '<\\/(?:tool_results?|function_results?|tool_response|user_query|user_input|untrusted\\w*|search_results?|observation|context|webpage|web_page|data|document)>(?=[\\s\\S]{0,200}(?:system|instruction|assistant|you))',
  ],
  [
    'marker',
    0.5,
    '(?:^|\\n)[ \\t]{0,20}(?:#{1,6}\\s*|\\*\\*|\\[|-{2,}\\s*|={2,}\\s*)(?:new |end of |begin |start of |updated )?(?:system(?: prompt| message| instructions?| override| note)?|instructions?|new instructions?|assistant|developer message|user input|untrusted (?:content|data))\\s*(?:\\]|\\*\\*)?\\s*[:\\]=-]',
  ],
  [
    'marker',
    0.5,
    '(?:^|\\n)[ \\t]{0,20}(?:system|developer|admin|root)\\s?(?:prompt|message|note|notice|override|alert)?\\s*[:>]\\s*(?=(?:you|the|all|please|new|ignore|from|this|your|for|do|never|always|override|access|user|switch|disregard)\\b)',
  ],
  [
    'marker',
    0.5,
    '(?:^|\\n)[ \\t]{0,20}(?:assistant|ai|model)\\s*:\\s*(?:i |sure|of course|okay|ok\\b|yes|understood|certainly|done|ich |claro|bien)[^\\n]{0,300}\\n\\s{0,9}(?:user|human|system)\\s*:|(?:^|\\n)[ \\t]{0,20}(?:user|human)\\s*:\\s*(?:yes|ok|sure|go ahead|i |please|now|that|great)[^\\n]{0,300}\\n\\s{0,9}(?:assistant|ai|model)\\s*:',
  ],
  [
    'marker',
    0.6,
    '(?:^|[\\n{,]\\s{0,9})["\']?role["\']?\\s?:\\s?["\']?(?:system|developer)["\']?,?\\s{0,9}\\n?\\s{0,9}["\']?content["\']?\\s?:',
  ],
  [
    'tool',
    0.6,
    '<(?:tool_call|tool_calls|function_calls?|invoke|tool_use|antml:\\w+|function=)\\b|\\[TOOL_CALLS?\\]|<\\|tool_call\\|>|"tool_calls"\\s*:\\s*\\[|"(?:tool|function|tool_name|function_name|action)"\\s*:\\s*"[\\w.-]+"\\s*,\\s*"(?:arguments|parameters|args|input|action_input|tool_input)"\\s*:',
  ],
])
