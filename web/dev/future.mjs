// A second version of a node type, which no product node has yet: to see how the editor offers it.

/** The catalogue with a version 2 of Limit, where the number of items is called `atMost`. */
export function withFuture(catalogue) {
  const limit = catalogue.nodes.find(({ type, version }) => type === "limit" && version === 1);
  const { count, ...properties } = limit.paramsSchema.properties;
  const schema = { ...limit.paramsSchema, properties: { atMost: { ...count, title: "At most" }, ...properties } };
  const upgrade = {
    changes: "**At most** is the new name of **Items**, and `0` lets nothing through.\n\nWhat was set stays as it was.",
    renamed: { count: "atMost" },
    ports: {},
    values: {},
    dropped: [],
    given: {},
  };
  return { ...catalogue, nodes: [...catalogue.nodes, { ...limit, version: 2, paramsSchema: schema, upgrade }] };
}
