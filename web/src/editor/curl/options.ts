/** The options of a curl command: which there are, and which of them take a value. */

import { wordsOf } from "./words";

export interface Option {
  name: string;
  value: string;
}

/** curl's short options by letter. Those of `WITH_VALUE` take a value. */
const SHORT: Record<string, string> = {
  A: "user-agent",
  b: "cookie",
  c: "cookie-jar",
  d: "data",
  e: "referer",
  E: "cert",
  F: "form",
  G: "get",
  H: "header",
  I: "head",
  k: "insecure",
  L: "location",
  m: "max-time",
  o: "output",
  T: "upload-file",
  u: "user",
  U: "proxy-user",
  w: "write-out",
  x: "proxy",
  X: "request",
};

const WITH_VALUE = new Set([
  ...["aws-sigv4", "cacert", "cert", "connect-timeout", "cookie", "cookie-jar", "data", "data-ascii", "data-binary"],
  ...[
    "data-raw",
    "data-urlencode",
    "form",
    "form-string",
    "header",
    "json",
    "key",
    "max-redirs",
    "max-time",
    "noproxy",
  ],
  ...["oauth2-bearer", "output", "pass", "proxy", "proxy-user", "range", "referer", "request", "resolve", "retry"],
  ...["retry-delay", "retry-max-time", "upload-file", "url", "url-query", "user", "user-agent", "write-out", "ciphers"],
  ...["cert-type", "key-type", "interface", "limit-rate", "tls-max", "unix-socket", "connect-to", "dns-servers"],
  ...["config", "dump-header", "speed-limit", "speed-time", "stderr", "trace", "trace-ascii", "variable"],
]);
const SHORT_WITH_VALUE = new Set(["C", "D", "K", "P", "Q", "r", "t", "y", "Y", "z"]);

/** Whether a text is a curl command. */
export const isCurl = (text: string): boolean => /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);

/** The options of a command in their order; what is none is a `url`. */
export function optionsOf(command: string): Option[] {
  const words = wordsOf(command.replace(/^\s*\$\s+/, "")).slice(1);
  const found: Option[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word.startsWith("--") && word.length > 2) {
      const [name = "", given] = split(word.slice(2));
      const takes = WITH_VALUE.has(name);
      if (takes && given === undefined) at += 1;
      found.push({ name, value: takes ? (given ?? words[at] ?? "") : "" });
    } else if (word.startsWith("-") && word.length > 1) {
      at += letters(word.slice(1), words[at + 1], found);
    } else {
      found.push({ name: "url", value: word });
    }
  }
  return found;
}

/** Reads short options written together (`-sSXPOST`). Returns how many further words they took. */
function letters(word: string, next: string | undefined, found: Option[]): number {
  for (let at = 0; at < word.length; at += 1) {
    const letter = word[at] as string;
    const name = SHORT[letter] ?? letter;
    if (!WITH_VALUE.has(name) && !SHORT_WITH_VALUE.has(letter)) {
      found.push({ name, value: "" });
      continue;
    }
    const rest = word.slice(at + 1);
    found.push({ name, value: rest || (next ?? "") });
    return rest ? 0 : 1;
  }
  return 0;
}

function split(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at > 0 && WITH_VALUE.has(word.slice(0, at)) ? [word.slice(0, at), word.slice(at + 1)] : [word, undefined];
}
