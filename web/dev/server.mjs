// A small stand-in for the API and the live channel, for work on the web app without the stack. Never shipped.
//   node dev/server.mjs [--port 8499]      then `npm run dev`
// PUT /__dev {"scenario": "full" | "empty" | "failing" | "slow"} switches what the lists answer; {"future": true} adds
// a second version of a node type, which the editor offers; {"failNode": "<name>"} and {"savesFail": true} break things.
import { fake } from "./fake.mjs";

const port = Number(process.argv[process.argv.indexOf("--port") + 1] || 8499) || 8499;
fake().server.listen(port, "127.0.0.1", () => console.log(`fake API on http://127.0.0.1:${port}`));
