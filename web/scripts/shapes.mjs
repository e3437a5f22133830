/**
 * The answers of an OpenAPI document in few words, for checking them in the browser: `routes` names the type of each
 * route's answer, `types` the kind of each property that a type requires (the kinds are told in src/api/shape.ts).
 */
export function shapesOf(document) {
  const schemas = document.components.schemas;
  const types = {};

  function kindOf(schema) {
    if (schema.$ref) return named(schema.$ref.split("/").at(-1));
    if (schema.anyOf) {
      const others = schema.anyOf.filter(({ type }) => type !== "null");
      if (others.length !== 1) return "*";
      const kind = kindOf(others[0]);
      return others.length < schema.anyOf.length && kind !== "*" ? `?${kind}` : kind;
    }
    if (schema.type === "array") return `[]${kindOf(schema.items ?? {})}`;
    return { string: "s", integer: "n", number: "n", boolean: "b", object: "{}" }[schema.type] ?? "*";
  }

  function named(name) {
    const schema = schemas[name];
    if (schema.type !== "object" || !schema.properties) return kindOf(schema);
    if (!types[name]) {
      types[name] = {};
      for (const key of schema.required ?? []) types[name][key] = kindOf(schema.properties[key]);
    }
    return name;
  }

  const routes = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const [, answer] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
      const schema = answer?.content?.["application/json"]?.schema;
      if (schema) routes[`${method.toUpperCase()} ${path}`] = kindOf(schema);
    }
  }
  return { routes, types };
}
