// @vitest-environment jsdom
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Inline } from "./Markdown";

const drawn = (text: string) => renderToStaticMarkup(<Inline text={text} />).replace(/^<span[^>]*>|<\/span>$/g, "");

it.each([
  ["Under *Settings*, **APIs**: `*a*`", "Under <em>Settings</em>, <strong>APIs</strong>: <code>*a*</code>"],
  ["*Where the list is* names it", "<em>Where the list is</em> names it"],
  ["The first one; * for all, 2 * 3 * 4", "The first one; * for all, 2 * 3 * 4"],
  ["a*b*c and *.csv", "a*b*c and *.csv"],
  ["(*JSON*)", "(<em>JSON</em>)"],
])("draws what stands out in %s", (text, html) => {
  expect(drawn(text)).toBe(html);
});
