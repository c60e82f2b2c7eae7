import type { ScannedProto } from './scanned-proto.js';

/** The features that decide on code and wire, and their values. */
const FEATURES: ReadonlyMap<string, readonly string[]> = new Map([
  ['field_presence', ['EXPLICIT', 'IMPLICIT', 'LEGACY_REQUIRED']],
  ['enum_type', ['OPEN', 'CLOSED']],
  ['repeated_field_encoding', ['PACKED', 'EXPANDED']],
  ['utf8_validation', ['VERIFY', 'NONE']],
  ['message_encoding', ['LENGTH_PREFIXED', 'DELIMITED']],
  ['json_format', ['ALLOW', 'LEGACY_BEST_EFFORT']],
]);
/** Those of style, which change nothing here. */
const STYLE = /^(enforce_naming_style|default_symbol_visibility|enforce_proto_limits)$/;

/** What `option features` sets that there is not: protobufjs takes anything, and goes by defaults. */
export function checkFeatures(
  options: ReadonlyMap<string, string>,
  { syntax }: ScannedProto,
  say: (text: string, option: string) => void,
): void {
  for (const [option, value] of options) {
    if (!/^features(\.|$)/.test(option)) continue;
    if (/^proto[23]$/.test(syntax)) say('features are of editions; leave them out', option);
    else for (const [name, text] of settings(option, value)) checkSetting(name, text, option, say);
  }
}

function checkSetting(
  name: string,
  value: string,
  option: string,
  say: (text: string, option: string) => void,
): void {
  const values = FEATURES.get(name);
  if (values === undefined && !STYLE.test(name)) {
    say(`there is no feature ${name}; there is ${[...FEATURES.keys()].join(', ')}`, option);
  } else if (values !== undefined && !values.includes(value)) {
    say(`the feature ${name} is ${values.join(' or ')}, not ${value}`, option);
  }
}

/** One by itself, or several in braces; without those of other languages, `(pb.cpp)` or `[pb.cpp]`. */
function settings(option: string, value: string): (readonly [name: string, value: string])[] {
  if (option.startsWith('features.(')) return [];
  if (option !== 'features') return [[option.slice('features.'.length), value]];
  const own = value.replace(/\[[^\]]*\]:?\{[^}]*\}/g, '');
  return [...own.matchAll(/(\w+):(\w+)/g)].map(([, name = '', text = '']) => [name, text]);
}
