import { expect, it } from "vitest";
import { keyOf } from "./environmentKey";

it.each([
  ["Staging", "staging"],
  ["Pré-production 2", "pre-production-2"],
  ["2. Test", "test"],
  ["---", ""],
  ["a".repeat(40), "a".repeat(32)],
])("makes a key of %s", (name, key) => expect(keyOf(name)).toBe(key));
