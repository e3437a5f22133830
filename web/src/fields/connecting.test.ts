import { describe, expect, it } from "vitest";
import { concerns, connectionOf, readOutcome } from "./connecting";

describe("connecting", () => {
  it("reads what the provider's window tells, and nothing else", () => {
    const told = { credentialId: "c1", connected: true, message: "“Shop” is connected." };
    expect(readOutcome(told)).toEqual(told);
    for (const other of [null, "c1", 5, [], {}, { ...told, connected: "yes" }, { ...told, message: undefined }]) {
      expect(readOutcome(other)).toBeNull();
    }
  });

  it("takes what is told of this credential, and a failure of which nobody knows whose it is", () => {
    const failed = { credentialId: "", connected: false, message: "used before" };
    expect(concerns({ ...failed, credentialId: "c1" }, "c1")).toBe(true);
    expect(concerns({ ...failed, credentialId: "c2" }, "c1")).toBe(false);
    expect(concerns(failed, "c1")).toBe(true);
    expect(concerns({ ...failed, connected: true }, "c1")).toBe(false);
  });

  it("knows credentials that need no connecting", () => {
    expect(connectionOf({ connection: "unneeded" })).toBeNull();
    expect(connectionOf({ connection: "lost" })).toBe("lost");
  });
});
