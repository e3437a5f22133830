import { describe, expect, it } from "vitest";
import { schemaOf } from "../graph/schema";
import { branching, catalogue } from "../testing/catalogue";
import { completionsAt, otherNode } from "./completions";
import {
  ANY_TYPE,
  askedFields,
  credentialChange,
  credentialData,
  initialValues,
  missingFields,
  storedValues,
} from "./credentialTypes";
import { rateOf } from "./cron";
import { jsonText, jsonValue } from "./json";
import { scopeOf, withData, withFields } from "./scope";

const credentialType = (name: string) => catalogue.credentials.find(({ type }) => type === name);

describe("the catalogue", () => {
  it("asks for credentials of known types", () => {
    const types = catalogue.nodes.flatMap(({ credentials }) => credentials);
    const known = new Set([...catalogue.credentials.map(({ type }) => type), ANY_TYPE]);
    expect(types.filter((type) => !known.has(type))).toEqual([]);
  });
});

describe("JSON fields", () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ["[1, 2]", [1, 2]],
    ["{{ $json }}", "{{ $json }}"],
    ['{"a": }', '{"a": }'],
    ['"quoted"', '"quoted"'],
    ["  ", undefined],
  ])("read %j", (text, value) => {
    expect(jsonValue(text)).toEqual(value);
    if (value !== undefined) expect(jsonValue(jsonText(value))).toEqual(value);
  });
});

describe("the data of the last run", () => {
  it("is what is offered of the nearest node, with samples", () => {
    const scope = withData(scopeOf(branching(), catalogue, "yes"), [
      { real: "text", n: 1 },
      { n: 2, late: null },
    ]);
    expect(completionsAt("{{ $json.", scope)?.options).toEqual([
      { label: "real", detail: "text" },
      { label: "n", detail: "1" },
      { label: "late", detail: "null" },
    ]);
    expect(withData(scope, [])).toBe(scope);
  });
});

describe("rates", () => {
  it("are told apart from cron lines", () => {
    expect(rateOf("rate(15 minutes)")).toBe("15 minutes");
    expect(rateOf(" rate( 1  hours ) ")).toBe("1 hour");
    expect(rateOf("0 9 * * *")).toBeNull();
  });
});

describe("completion", () => {
  const scope = scopeOf(branching(), catalogue, "yes");
  const labels = (text: string) => completionsAt(text, scope)?.options.map(({ label }) => label);

  it("offers nothing outside an expression or inside a string", () => {
    expect(completionsAt("hello $", scope)).toBeNull();
    expect(completionsAt("{{ $json.a }} $", scope)).toBeNull();
    expect(completionsAt("{{ 'it is $", scope)).toBeNull();
  });

  it("offers variables and the nodes before this one", () => {
    expect(labels("{{ $")).toEqual(expect.arrayContaining(["$json", "$now", "$('check')", "$('start')"]));
    expect(labels("{{ $")).not.toContain("$('no')");
  });

  it.each([
    ["{{ $json.", "amount"],
    ["{{ $('check').", "first()"],
    ["{{ $('check').item.", "json"],
    ["{{ $('check').item.json.am", "amount"],
    ["{{ $node['check'].", "json"],
    ["{{ $node['check'].json.", "amount"],
    ["{{ $input.", "all()"],
    ["{{ $input.first().", "json"],
    ["{{ $input.first().json.", "amount"],
    ["{{ $now.", "toISODate()"],
    ["{{ $execution.", "resumeUrl"],
  ])("%s offers %s", (text, label) => {
    expect(labels(text)).toContain(label);
  });
});

describe("completion of data", () => {
  const items = [{ id: 7, customer: { name: "Ann", "zip code": "1" }, lines: [{ sku: "a", tags: ["x"] }] }];
  const scope = withData(scopeOf(branching(), catalogue, "yes"), items);
  const offers = (text: string) => completionsAt(text, scope)?.options ?? [];
  const labels = (text: string) => offers(text).map(({ label }) => label);

  it("goes as deep as the data", () => {
    expect(labels("{{ $json.customer.")).toEqual(["name", "zip code"]);
    expect(labels("{{ $json.lines[3].")).toEqual(["sku", "tags"]);
    expect(labels("{{ $json?.customer?.na")).toContain("name");
    expect(labels("{{ $json['customer'].")).toContain("name");
    expect(labels("{{ $items[0].json.customer.")).toContain("name");
    expect(labels("{{ $json.nothing.")).toEqual([]);
    expect(labels("{{ other$json.")).toEqual([]);
  });

  it("offers what texts, numbers and lists can do", () => {
    expect(labels("{{ $json.customer.name.")).toContain("trim()");
    expect(labels("{{ $json.id.")).toContain("toFixed");
    expect(labels("{{ $json.lines.")).toEqual(expect.arrayContaining(["[0]", "length", "map"]));
    expect(labels("{{ $json.lines[0].tags[0].")).toContain("split");
  });

  it("puts names that are none into brackets", () => {
    const odd = offers("{{ $json.customer.").find(({ label }) => label === "zip code");
    expect(odd).toEqual({ label: "zip code", apply: '["zip code"]', bracket: true, detail: "1" });
  });

  it("knows which other node is asked for", () => {
    expect(otherNode("{{ $('check').item.json.a")).toBe("check");
    expect(otherNode("{{ $('it\\'s').first().json.a.b.")).toBe("it's");
    expect(otherNode('{{ $node["check"].json.')).toBe("check");
    expect(otherNode("{{ $json.a.")).toBeNull();
    expect(otherNode("{{ $('check').item.json }} $json.")).toBeNull();
    const found = withFields(scope, "check", schemaOf([{ deep: { er: 1 } }]));
    expect(completionsAt("{{ $('check').last().json.deep.", found)?.options).toEqual([{ label: "er", detail: "1" }]);
  });
});

describe("a stored credential", () => {
  const parts = { host: "db", port: 5432, database: "d", user: "u", sslMode: "verify-full" };
  const stored = { data: parts, secrets: ["password"] };
  const kept = new Set(["password"]);
  const values = storedValues(credentialType("postgres"), parts);
  const changed = (change: Record<string, string>, keeping: ReadonlySet<string> = kept) =>
    credentialChange(credentialType("postgres"), { ...values, ...change }, stored, keeping);

  it("is changed by what differs alone", () => {
    expect(changed({})).toEqual({});
    expect(changed({ host: "other", port: "5433" })).toEqual({ host: "other", port: 5433 });
    expect(changed({ password: "new" })).toEqual({ password: "new" });
    expect(changed({ port: "" })).toEqual({ port: null });
    expect(changed({}, new Set())).toEqual({ password: null });
  });

  it("is not changed by opening the form of one that has fields without a value", () => {
    const stored = { data: { name: "X", mostRequests: null, inSeconds: 60 }, secrets: ["value"] };
    const type = credentialType("http_header");
    const values = storedValues(type, stored.data);
    expect(credentialChange(type, values, stored, new Set(["value"]))).toEqual({});
    const older = { data: { name: "X" }, secrets: ["value"] };
    expect(credentialChange(type, storedValues(type, older.data), older, new Set(["value"]))).toEqual({});
  });

  it("is replaced as a whole by the other way to connect", () => {
    expect(changed({ dsn: "postgresql://x" })).toEqual({ dsn: "postgresql://x" });
    const byUrl = { data: {}, secrets: ["dsn"] };
    const empty = storedValues(credentialType("postgres"), {});
    expect(askedFields(credentialType("postgres"), empty, new Set(["dsn"])).map(({ name }) => name)).toEqual(["dsn"]);
    const given = { ...empty, host: "db", database: "d", user: "u" };
    expect(credentialChange(credentialType("postgres"), given, byUrl, new Set())).toEqual({
      dsn: null,
      host: "db",
      database: "d",
      user: "u",
    });
  });

  it("does not ask for secrets that it has", () => {
    expect(
      missingFields(
        credentialType("http_header"),
        storedValues(credentialType("http_header"), { name: "X-Key" }),
        new Set(["value"]),
      ),
    ).toEqual([]);
    expect(
      missingFields(credentialType("http_header"), storedValues(credentialType("http_header"), { name: "X-Key" })),
    ).toEqual(["value"]);
  });
});

describe("credentials", () => {
  it("ask for the parts only while there is no connection URL", () => {
    const empty = initialValues(credentialType("postgres"));
    expect(missingFields(credentialType("postgres"), empty)).toEqual(["host", "database", "user"]);
    const filled = { ...empty, dsn: "postgresql://x" };
    expect(askedFields(credentialType("postgres"), filled).map(({ name }) => name)).toEqual(["dsn"]);
    expect(credentialData(credentialType("postgres"), filled)).toEqual({ dsn: "postgresql://x" });
  });

  it("send true and false as such, and keep the lines of a key", () => {
    const type = credentialType("jwt_key");
    const values = initialValues(type);
    expect(credentialData(type, values)).toEqual({ algorithm: "HS256", secretIsBase64: false });
    const filled = { ...values, secretIsBase64: "true", publicKey: "-----BEGIN\n-----END" };
    const data = { algorithm: "HS256", secretIsBase64: true, publicKey: "-----BEGIN\n-----END" };
    expect(credentialData(type, filled)).toEqual(data);
    expect(credentialChange(type, storedValues(type, data), { data, secrets: [] }, new Set())).toEqual({});
  });

  it("send numbers as numbers and nothing that is empty", () => {
    const values = { ...initialValues(credentialType("smtp")), host: "mail", from: "a@b.c" };
    expect(credentialData(credentialType("smtp"), values)).toEqual({
      host: "mail",
      port: 587,
      security: "starttls",
      from: "a@b.c",
    });
  });
});
