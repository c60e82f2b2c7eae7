/**
 * What a module cannot declare, or what means something else in the types of generated code.
 * Properties may have any of these names.
 */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  `abstract any arguments as async await bigint boolean break case catch class const continue
  debugger declare default delete do else enum eval export exports extends false finally for
  function globalThis if implements import in infer instanceof interface intrinsic keyof let
  module namespace never new null number object of package private protected public readonly
  require return satisfies static string super switch symbol this throw true try type typeof
  undefined unique unknown var void while with yield Object Promise Record Uint8Array`.split(/\s+/),
);
