/** The body that a curl command sends. */

import type { Params } from "../../graph/document";
import { strings } from "../../strings";
import { literal, pairOf, type Row, splitOnce } from "./curl";
import type { Option } from "./options";

export interface Body {
  /** The node's parameters for it; none where nothing is sent. */
  params: Params;
  /** What `-G` puts into the query instead. */
  query: string[];
  sends: boolean;
}

const t = strings.curl;
const FORM = "application/x-www-form-urlencoded";
const DATA = new Set(["data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"]);

export function bodyOf(options: readonly Option[], headers: [string, string][], notes: string[]): Body {
  const forms = options.filter(({ name }) => name === "form" || name === "form-string");
  if (forms.length > 0) return { params: multipart(forms, notes), query: [], sends: true };
  if (options.some(({ name }) => name === "upload-file")) return fileBody(notes);
  const given = options.filter(({ name }) => DATA.has(name));
  if (given.length === 0) return { params: {}, query: [], sends: false };
  if (given.some((one) => readsFile(one) && one.name === "data-binary")) return fileBody(notes);
  if (given.some(readsFile)) notes.push(t.fileText);
  const parts = given.filter((one) => !readsFile(one)).map(partOf);
  const json = given.some(({ name }) => name === "json");
  const type =
    headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? (json ? "application/json" : FORM);
  const text = parts.join(json ? "" : "&");
  return { params: textBody(text, type), query: parts.flatMap((part) => part.split("&")), sends: true };
}

const readsFile = ({ name, value }: Option): boolean =>
  name !== "data-raw" &&
  (value.startsWith("@") || (name === "data-urlencode" && /^[^=]*@/.test(value) && !/=/.test(value)));

/** The text of one `-d`; `--data-urlencode` escapes what stands behind the first `=`. */
function partOf({ name, value }: Option): string {
  if (name === "data" || name === "data-ascii") return value.replace(/[\r\n]/g, "");
  if (name !== "data-urlencode") return value;
  const [key, text] = splitOnce(value, "=");
  if (text === undefined) return encodeURIComponent(value);
  return key ? `${key}=${encodeURIComponent(text)}` : encodeURIComponent(text);
}

function textBody(text: string, type: string): Params {
  const media = type.split(";")[0]?.trim().toLowerCase() ?? "";
  if (media.endsWith("json")) {
    const value = jsonOf(text);
    if (value !== undefined && media === "application/json") return { bodyKind: "json", jsonBody: value };
  }
  if (media === FORM) {
    const pairs = text.split("&").map(pairOf);
    if (pairs.every((pair) => pair !== null)) {
      return { bodyKind: "form", formBody: (pairs as [string, string][]).map(rowOf) };
    }
  }
  return { bodyKind: "text", textBody: literal(text), contentType: type };
}

/** JSON as data; as text where that would change a number's digits; undefined where it is none. */
function jsonOf(text: string): Params[string] | undefined {
  try {
    const value = JSON.parse(text);
    const isExact = !/[0-9]{16}|[eE][+-]?[0-9]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ""));
    return isExact && !text.includes("{{") && value !== null && typeof value === "object" ? value : literal(text);
  } catch {
    return undefined;
  }
}

function multipart(forms: readonly Option[], notes: string[]): Params {
  const fields: Row[] = [];
  const files: Row[] = [];
  for (const { name, value } of forms) {
    const [key, given = ""] = splitOnce(value, "=");
    if (name === "form" && /^[@<]/.test(given)) {
      const file = given.slice(1).split(";")[0] ?? "";
      files.push(rowOf([key, "data"]));
      notes.push(t.file(key, file));
    } else {
      fields.push(rowOf([key, name === "form" ? given.replace(/;type=[^;]*$/, "").replace(/^"(.*)"$/, "$1") : given]));
    }
  }
  return { bodyKind: "multipart", formBody: fields, formFiles: files };
}

function fileBody(notes: string[]): Body {
  notes.push(t.fileBody);
  return { params: { bodyKind: "file", fileBody: "data" }, query: [], sends: true };
}

const rowOf = ([name, value]: readonly [string, string]): Row => ({ name: literal(name), value: literal(value) });
