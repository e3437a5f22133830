/** Newer versions of node types, offered at nodes that have an older one. */

export const upgrades = {
  title: (version: number) => `Version ${version} is available`,
  action: "Update the node",
  done: (name: string, version: number) => `“${name}” is version ${version} now`,
};
