/** What a status message may take on the wire, where it is percent-encoded, in bytes. */
const LARGEST = 8 * 1024;

/** The most bytes that one UTF-16 unit takes when it is percent-encoded. */
const WORST = 9;

/**
 * A status message as it can travel: well-formed (lone surrogates cannot be encoded) and not so
 * long that it breaks the connection, for which too large a header is enough.
 */
export function wireDetails(details: string): string {
  let text = details.toWellFormed();
  if (text.length * WORST <= LARGEST) return text;
  for (let size = encodeURI(text).length; size > LARGEST; size = encodeURI(text).length) {
    const fits = Math.floor((text.length * LARGEST) / size) - MARK.length * WORST;
    text = text.slice(0, fits).toWellFormed() + MARK;
  }
  return text;
}

const MARK = '…';
