import { describe, expect, it } from "vitest";
import { importedCurl, isCurl } from "./curl";
import { wordsOf } from "./words";

const taken = (command: string) => importedCurl(command)?.params ?? {};
const row = (name: string, value: string) => ({ name, value });

describe("a command line", () => {
  it.each([
    ["curl a b", ["curl", "a", "b"]],
    ["curl 'a b' \"c d\" e\\ f", ["curl", "a b", "c d", "e f"]],
    ["curl a\\\n  b \\\r\n c", ["curl", "a", "b", "c"]],
    ["curl a ^\n b `\n c", ["curl", "a", "b", "c"]],
    ["curl 'a'\"b\"c", ["curl", "abc"]],
    ["curl $'a\\'b\\n\\u00e4\\x41\\101'", ["curl", "a'b\näAA"]],
    ['curl "a\\"b\\$c\\d"', ["curl", 'a"b$c\\d']],
    ["curl a | jq .b", ["curl", "a"]],
    ["curl a > out; rm b", ["curl", "a"]],
    ["curl 'it'\\''s'", ["curl", "it's"]],
    ["curl ''", ["curl", ""]],
    ["curl 'never closed", ["curl", "never closed"]],
  ])("%s", (text, words) => expect(wordsOf(text)).toEqual(words));

  it("is known by its first word", () => {
    expect(["curl http://x", " $ curl x", "curl.exe x"].every(isCurl)).toBe(true);
    expect(["curly x", "https://curl.se", "curl", ""].some(isCurl)).toBe(false);
  });
});

describe("a curl command", () => {
  it.each<[string, object]>([
    ["curl https://x.dev/a", { method: "GET", url: "https://x.dev/a", query: [], bodyKind: "none" }],
    ["curl x.dev", { url: "http://x.dev" }],
    ["curl 'https://x.dev/a?b=1&c=d%20e+f#g'", { url: "https://x.dev/a", query: [row("b", "1"), row("c", "d e f")] }],
    ["curl 'https://x.dev/a?flag'", { url: "https://x.dev/a?flag", query: [] }],
    ["curl -XDELETE https://x.dev", { method: "DELETE" }],
    ["curl --request PUT --url https://x.dev -d ''", { method: "PUT" }],
    ["curl -I https://x.dev", { method: "HEAD" }],
    ["curl -sSLk https://x.dev/a", { unverifiedHosts: "x.dev" }],
    ["curl --compressed -m 5 https://x.dev -H 'Accept-Encoding: br'", { headers: [], timeoutSeconds: 5 }],
    ["curl https://x.dev -H 'X: a: b' -H'Y:c' -H 'Gone:'", { headers: [row("X", "a: b"), row("Y", "c")] }],
    ["curl https://x.dev -A me -b 'a=1; b=2'", { headers: [row("User-Agent", "me"), row("Cookie", "a=1; b=2")] }],
    [
      "curl https://x.dev -d a=1 -d 'b=x+y%26'",
      { method: "POST", bodyKind: "form", formBody: [row("a", "1"), row("b", "x y&")] },
    ],
    ["curl https://x.dev --data-urlencode 'q=a&b=c'", { bodyKind: "form", formBody: [row("q", "a&b=c")] }],
    ["curl -G https://x.dev?z=0 -d a=1", { method: "GET", query: [row("z", "0"), row("a", "1")], bodyKind: "none" }],
    [
      `curl https://x.dev -H 'Content-Type: application/json' --data-raw '{"a": {"b": [1]}}'`,
      { method: "POST", bodyKind: "json", jsonBody: { a: { b: [1] } }, headers: [] },
    ],
    [`curl --json '{"a":1}' x.dev`, { method: "POST", bodyKind: "json", jsonBody: { a: 1 } }],
    [`curl --json '{"id":12345678901234567890}' x.dev`, { jsonBody: '{"id":12345678901234567890}' }],
    [
      `curl -d '{"a":1}' x.dev`,
      { bodyKind: "text", textBody: '{"a":1}', contentType: "application/x-www-form-urlencoded" },
    ],
    [
      "curl -H 'content-type: text/xml' -d '<a/>' x.dev",
      { bodyKind: "text", textBody: "<a/>", contentType: "text/xml" },
    ],
    [
      "curl -F name=Ada -F 'f=@/tmp/a.png;type=image/png' x.dev",
      { method: "POST", bodyKind: "multipart", formBody: [row("name", "Ada")], formFiles: [row("f", "data")] },
    ],
    ["curl -T a.bin x.dev/up", { method: "PUT", bodyKind: "file", fileBody: "data" }],
    ["curl --data-binary @a.bin x.dev", { method: "POST", bodyKind: "file" }],
    ["curl -d 'a={{b}}' x.dev", { formBody: [row("a", '{{ "{{" }}b}}')] }],
  ])("%s", (command, params) => expect(taken(command)).toMatchObject(params));

  it.each<[string, string]>([
    ["curl -u ada:s3cret x.dev", "basic"],
    ["curl https://ada:s3cret@x.dev/a", "basic"],
    ["curl --digest -u ada:s3cret x.dev", "digest"],
    ["curl -H 'Authorization: Bearer s3cret' x.dev", "bearer"],
    ["curl --oauth2-bearer s3cret x.dev", "bearer"],
    ["curl -H 'authorization: Basic s3cret' x.dev", "basic"],
    ["curl -H 'Authorization: Token s3cret' x.dev", "header"],
    ["curl -H 'X-Api-Key: s3cret' x.dev", "header"],
    ["curl --aws-sigv4 aws:amz -u AK:s3cret x.dev", "aws"],
  ])("%s asks for a credential, and does not copy the secret", (command, way) => {
    const made = importedCurl(command);
    expect(made?.params.authentication).toBe(way);
    expect(made?.notes).toHaveLength(1);
    expect(JSON.stringify(made)).not.toContain("s3cret");
  });

  it.each([
    ["curl -X PROPFIND x.dev", "PROPFIND"],
    ["curl -X GET -d a=1 x.dev", "no body with GET"],
    ["curl -E a.pem x.dev", "client certificate"],
    ["curl --cacert a.pem x.dev", "certificate authority"],
    ["curl -x proxy:3128 x.dev", "proxy"],
    ["curl -b jar.txt x.dev", "Cookies from a file"],
    ["curl a.dev b.dev", "first URL"],
    ["curl -d @a.txt x.dev", "reads from a file"],
  ])("%s says what is not taken over", (command, words) => {
    expect(importedCurl(command)?.notes.join(" ")).toContain(words);
  });

  it.each(["curl", "curl -H 'a: b'", "wget x", ""])("%s is none", (command) =>
    expect(importedCurl(command)).toBeNull(),
  );

  it("takes what browsers copy", () => {
    const command = `curl 'https://x.dev/api?x=1' \\
      -H 'accept: */*' \\
      -H $'x-name: Zo\\u00eb' \\
      -H 'content-type: application/json;charset=UTF-8' \\
      --data-raw $'{"a":"it\\'s"}' \\
      --compressed`;
    expect(taken(command)).toMatchObject({
      method: "POST",
      headers: [row("accept", "*/*"), row("x-name", "Zoë")],
      jsonBody: { a: "it's" },
    });
  });

  it.each<[string, string, object]>([
    ["postman #3279", 'curl -H"a:b" http://x.dev', { headers: [row("a", "b")] }],
    ["postman #2791", 'curl x.dev --json $\'{"a": "it\\\'s"}\'', { jsonBody: { a: "it's" } }],
    ["postman #1999", `curl x.dev --json '{"a": "isn'\\''t"}'`, { jsonBody: { a: "isn't" } }],
    ["curlconverter #166", "curl 'https://x.dev/a?k=%C6%FB&n=y'", { url: "https://x.dev/a?k=%C6%FB&n=y", query: [] }],
    [
      "curlconverter #210",
      'curl -X POST "x.dev" -H  "Authorization: User u=, Organization o=" --json "{  \\"Body\\": \\"hi\\"}"',
      { authentication: "header", jsonBody: { Body: "hi" } },
    ],
  ])("takes what failed elsewhere: %s", (_, command, params) => expect(taken(command)).toMatchObject(params));
});
