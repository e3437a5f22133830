/** A curl command as the parameters of an HTTP request node. */

import type { Json, Params } from "../../graph/document";
import { strings } from "../../strings";
import { type Body, bodyOf } from "./body";
import { isCurl, type Option, optionsOf } from "./options";

export { isCurl } from "./options";

export interface Imported {
  params: Params;
  /** What could not be taken over, or belongs elsewhere. */
  notes: string[];
}

export interface Row {
  [name: string]: Json;
  name: string;
  value: string;
}

const t = strings.curl;
const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);
const WITH_BODY = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Headers that the node sets by itself. */
const OWN = new Set(["host", "content-length", "connection", "transfer-encoding", "accept-encoding"]);
const SECRET = /auth|token|secret|session|signature|(?:api|access|private)-?key/i;

/** What an expression would be taken for stays text. */
export const literal = (text: string): string => text.replaceAll("{{", '{{ "{{" }}');

/** The parameters that a command means. Null where it names no URL. */
export function importedCurl(command: string): Imported | null {
  if (!isCurl(command)) return null;
  const options = optionsOf(command);
  const all = (name: string) => options.filter((one) => one.name === name).map(({ value }) => value);
  const has = (name: string) => options.some((one) => one.name === name);
  const url = all("url")[0];
  if (!url) return null;
  const notes: string[] = [];
  const headers = headersOf(options);
  const body = bodyOf(options, headers, notes);
  const method = methodOf(options, body, notes);
  const [address, query] = addressOf(url, [...all("url-query"), ...(has("get") ? body.query : [])]);
  const sent = WITH_BODY.has(method) ? body.params : {};
  if (!WITH_BODY.has(method) && Object.keys(body.params).length > 0 && !has("get")) notes.push(t.noBody(method));
  const authentication = authenticationOf(options, headers, notes);
  noteOthers(options, notes);
  const params: Params = {
    method,
    url: literal(address),
    query: rows(query),
    headers: rows(headers.filter(([name]) => !OWN.has(name.toLowerCase()) && !isBodys(name, sent))),
    bodyKind: "none",
    ...sent,
    authentication,
    followRedirects: true,
    ...(has("insecure") ? { unverifiedHosts: hostOf(address) } : {}),
    ...seconds(all("max-time")[0]),
  };
  return { params, notes };
}

function headersOf(options: readonly Option[]): [string, string][] {
  return options.flatMap(({ name, value }): [string, string][] => {
    if (name === "user-agent") return [["User-Agent", value]];
    if (name === "referer") return [["Referer", value.replace(/;auto$/, "")]];
    if (name === "cookie" && value.includes("=")) return [["Cookie", value]];
    if (name !== "header") return [];
    const at = value.indexOf(":");
    if (at < 0) return value.endsWith(";") ? [[value.slice(0, -1).trim(), ""]] : [];
    const text = value.slice(at + 1).trim();
    return text ? [[value.slice(0, at).trim(), text]] : [];
  });
}

function methodOf(options: readonly Option[], body: Body, notes: string[]): string {
  const given = options.findLast(({ name }) => name === "request")?.value.toUpperCase();
  const has = (name: string) => options.some((one) => one.name === name);
  const meant =
    given ?? (has("head") ? "HEAD" : has("upload-file") ? "PUT" : body.sends && !has("get") ? "POST" : "GET");
  if (METHODS.has(meant)) return meant;
  notes.push(t.noMethod(meant));
  return body.sends ? "POST" : "GET";
}

/** The URL without its query, and the query's names and values; one that is no such list stays in the URL. */
function addressOf(url: string, more: readonly string[]): [string, [string, string][]] {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  const [address = "", query] = splitOnce((whole.split("#")[0] ?? "").replace(/\/\/[^/@]*@/, "//"), "?");
  const parts = query ? query.split("&").filter(Boolean) : [];
  const pairs = [...parts, ...more.filter(Boolean)].map((part) => pairOf(part));
  const decoded = pairs.every((pair) => pair !== null) ? (pairs as [string, string][]) : null;
  return decoded ? [address, decoded] : [[address, [...parts, ...more].join("&")].join("?"), []];
}

/** A name and a value of a query or a form; null where it is none. */
export function pairOf(part: string): [string, string] | null {
  const [name = "", value] = splitOnce(part, "=");
  if (value === undefined || !name) return null;
  try {
    return [decoded(name), decoded(value)];
  } catch {
    return null;
  }
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

export function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** The way of authentication. Its secrets are taken out of the headers: they belong into a credential. */
function authenticationOf(options: readonly Option[], headers: [string, string][], notes: string[]): string {
  const find = (name: string) => options.find((one) => one.name === name);
  const user = find("user")?.value ?? /\/\/([^/@]+)@/.exec(find("url")?.value ?? "")?.[1];
  const at = headers.findIndex(([name]) => name.toLowerCase() === "authorization");
  const [, given = ""] = at < 0 ? [] : (headers.splice(at, 1)[0] ?? []);
  if (find("aws-sigv4")) return noted(notes, t.secret.aws, "aws");
  if (find("oauth2-bearer") || /^bearer /i.test(given)) return noted(notes, t.secret.bearer, "bearer");
  if (user !== undefined || /^basic /i.test(given)) {
    const digest = Boolean(find("digest"));
    return noted(notes, t.secret.user(splitOnce(user ?? "", ":")[0]), digest ? "digest" : "basic");
  }
  if (given) return noted(notes, t.secret.header("Authorization"), "header");
  const key = headers.findIndex(([name]) => SECRET.test(name));
  const [name] = key < 0 ? [] : (headers.splice(key, 1)[0] ?? []);
  if (name) return noted(notes, t.secret.header(name), "header");
  if (headers.some(([one]) => one.toLowerCase() === "cookie")) notes.push(t.secret.cookie);
  return "none";
}

function noted(notes: string[], note: string, way: string): string {
  notes.push(note);
  return way;
}

function noteOthers(options: readonly Option[], notes: string[]): void {
  const has = (...names: string[]) => options.some(({ name }) => names.includes(name));
  if (has("cert", "key")) notes.push(t.certificate);
  if (has("cacert")) notes.push(t.authority);
  if (has("proxy", "proxy-user")) notes.push(t.proxy);
  if (options.some(({ name, value }) => name === "cookie" && !value.includes("="))) notes.push(t.cookieFile);
  if (options.filter(({ name }) => name === "url").length > 1) notes.push(t.oneUrl);
}

/** Whether a header says what the body's kind says already. */
function isBodys(name: string, body: Params): boolean {
  return name.toLowerCase() === "content-type" && body.bodyKind !== undefined && body.bodyKind !== "file";
}

const rows = (pairs: readonly (readonly [string, string])[]): Row[] =>
  pairs.map(([name, value]) => ({ name: literal(name), value: literal(value) }));

function hostOf(address: string): string {
  try {
    return new URL(address).hostname;
  } catch {
    return "";
  }
}

function seconds(text: string | undefined): Params {
  const value = Number(text);
  return text && value > 0 ? { timeoutSeconds: Math.min(value, 110) } : {};
}
