// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { describe, expect, it } from "vitest";
import { patient } from "./patient";

const Hello = ({ name }: { name: string }) => <p>Hello {name}</p>;

describe("a part that is loaded when it is needed", () => {
  it("is shown", async () => {
    const Part = lazy(() => patient(async () => ({ default: Hello })));
    render(
      <Suspense fallback="…">
        <Part name="Ada" />
      </Suspense>,
    );
    expect(await screen.findByText("Hello Ada")).toBeVisible();
  });

  it("says so where it cannot be loaded, and can be tried again and again", async () => {
    let calls = 0;
    const load = async () => {
      calls += 1;
      if (calls < 4) throw new TypeError("Failed to fetch dynamically imported module");
      return { default: Hello };
    };
    const Part = lazy(() => patient(load));
    render(
      <Suspense fallback="…">
        <Part name="Ada" />
      </Suspense>,
    );
    expect(await screen.findByRole("alert")).toHaveTextContent("reload the page");
    fireEvent.click(await screen.findByRole("button", { name: "Try again", busy: false }));
    await screen.findByRole("button", { name: "Try again", busy: false });
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Hello Ada")).toBeVisible();
  });
});
