import { describe, expect, it } from "vitest";
import { endsSoon } from "./credentialTypes";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const ends = (expiresAt: string | null, endsAt: string | null) => endsSoon({ expiresAt, endsAt }, NOW);

describe("when a credential ends", () => {
  it("is not told while that is far, or unknown", () => {
    expect(ends(null, null)).toBeUndefined();
    expect(ends("2027-06-01T00:00:00Z", null)).toBeUndefined();
  });

  it("is told by whoever says so the earliest", () => {
    expect(ends("2026-12-20T12:00:00Z", "2026-12-06T11:00:00Z")).toMatchObject({ days: 5, isOver: false });
    expect(ends("2026-12-01T12:30:00Z", null)).toMatchObject({ days: 1, isOver: false });
    expect(ends("2027-12-01T12:30:00Z", "2026-12-01T12:00:00Z")).toMatchObject({ isOver: true });
  });
});
