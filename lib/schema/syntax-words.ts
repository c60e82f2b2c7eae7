/** What protobufjs says of a file that it cannot parse, and plainer words for it. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/^illegal end of input\b.*$/, "the file ends too early; is a '}' or a ';' missing?"],
  [/^illegal comment$/, "a comment does not end; is a '*/' missing?"],
  [/^illegal string$/, 'a text does not end; is a quotation mark missing?'],
  [
    /^illegal token 'null'(, '(.*)' expected)?$/,
    "the file ends too early; is a '}' or a ';' missing?",
  ],
  [/^illegal token '(.*)', '(.*)' expected$/s, "expected '$2', got '$1'"],
  [
    /^illegal token '(.*)'$/s,
    "'$1' cannot stand here; is it misspelt, or is a ';' or a '}' missing?",
  ],
  [
    /^illegal id '([A-Za-z_]\w*)'$/,
    "expected a number, got '$1' (a reserved name has quotes, but not in editions)",
  ],
  [/^illegal (?:id|number|integer) '(.*)'$/s, "expected a number, got '$1'"],
  [/^illegal edition '(.*)'$/s, "there is no edition '$1' here; take 2023"],
  [/^illegal syntax '(.*)'$/s, "there is no syntax '$1'; it is proto2 or proto3, or an edition"],
  [/^illegal ((?:\w+ )?name|type|reference|value) '(.*)'$/s, "expected a $1, got '$2'"],
];

/** Why a file cannot be parsed, in words that say what to look for. */
export function syntaxWords(reason: string): string {
  const [pattern, words] = PLAIN.find(([each]) => each.test(reason)) ?? [];
  return pattern === undefined || words === undefined ? reason : reason.replace(pattern, words);
}
