// What the plan of the workspace allows, and what there is of it: some of it full, some for a moment.
import { problem } from "../state.mjs";

const HELD = {
  workflows: [18, 20],
  versions: [212, 500],
  credentials: [20, 20],
  members: [2, 3],
  memories: [40, 1000],
  bytes: [734_003_200, 1_073_741_824],
  entries: [9_120, 10_000],
  rows: [50_000, 50_000],
  stored: [12_582_912, 268_435_456],
  executions: [4_312, 10_000],
  concurrent: [10, 10],
  starts: [120, 120],
  queue: [37, 1000],
};

export const plan = {
  "GET /api/tenant/usage": ({ state }) => {
    if (state.scenario === "failing") throw problem(503, "The database is not there", "database_unavailable");
    const limits = state.scenario !== "empty";
    const items = Object.entries(HELD).map(([kind, [held, most]]) => ({
      kind,
      held: limits ? held : 0,
      most: limits ? most : null,
    }));
    return [200, { plan: limits ? "free" : "unlimited", items }];
  },
};
