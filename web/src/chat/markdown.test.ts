// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { draw } from "./draw";
import { closed, markdown } from "./markdown";

function html(text: string): string {
  const into = document.createElement("div");
  draw(into, text, "Picture");
  return into.innerHTML.replaceAll(' dir="auto"', "").replaceAll(' tabindex="0"', "");
}

const LINK = 'target="_blank" rel="noopener noreferrer nofollow"';

describe("Markdown of answers", () => {
  it.each([
    ["a **b** *c* ~~d~~ `e`", "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>"],
    ["a\nb", "<p>a<br>b</p>"],
    ["# A #\n### B", "<h2>A</h2><h4>B</h4>"],
    ["- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"],
    ["```js\n<b>\n", "<pre><code>&lt;b&gt;\n</code></pre>"],
    ["```\na\n```\nb", "<pre><code>a</code></pre><p>b</p>"],
    ["---", "<hr>"],
    ["snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"],
    ["**bold with *em* in it**", "<p><strong>bold with <em>em</em> in it</strong></p>"],
    ["\\*no\\*", "<p>*no*</p>"],
    ["``a ` b``", "<p><code>a ` b</code></p>"],
    ["5 < 6 && <script>alert(1)</script>", "<p>5 &lt; 6 &amp;&amp; &lt;script&gt;alert(1)&lt;/script&gt;</p>"],
  ])("%j", (text, wanted) => expect(html(text)).toBe(wanted));

  it("draws tables", () => {
    expect(html("| a | b |\n|---|:-:|\n| `x\\|y` | **2** |\n| 3 |")).toBe(
      '<div class="table"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>' +
        "<tr><td><code>x|y</code></td><td><strong>2</strong></td></tr><tr><td>3</td><td></td></tr></tbody></table></div>",
    );
  });

  it("runs a list and a table as what stands in them does", () => {
    const into = document.createElement("div");
    draw(into, "- a\n- b\n\n| a | b |\n|---|---|\n| c | d |", "");
    expect([...into.querySelectorAll("ul, table")].map((one) => one.getAttribute("dir"))).toEqual(["auto", "auto"]);
    expect(into.querySelector("li[dir]")).toBeNull();
  });

  it("leads to pages and mail only, and loads no picture", () => {
    expect(html('[a](https://e.com/x_(y) "t") https://e.com/a_b. <mailto:a@e.com>')).toBe(
      `<p><a href="https://e.com/x_(y)" ${LINK} title="https://e.com/x_(y)">a</a> ` +
        `<a href="https://e.com/a_b" ${LINK} title="https://e.com/a_b">https://e.com/a_b</a>. ` +
        `<a href="mailto:a@e.com" ${LINK} title="mailto:a@e.com">mailto:a@e.com</a></p>`,
    );
    expect(html("![c](https://evil.example/?d=secret)")).toBe(
      `<p><a href="https://evil.example/?d=secret" ${LINK} title="https://evil.example/?d=secret">Picture: c</a></p>`,
    );
    for (const href of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java\tscript:alert(1)",
      " javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "//evil.example",
      "/chat/x",
      'https://e.com/"onmouseover=alert(1)',
      "&#106;avascript:alert(1)",
    ]) {
      const made = html(`[x](${href}) <${href}> ![x](${href})\n\n[x]: ${href}\n[x]`);
      for (const found of made.matchAll(/href="([^"]*)"/g)) expect(found[1]).toMatch(/^https:\/\//);
      expect(made).not.toMatch(/<(script|img|iframe|svg)|\son\w+="/);
    }
  });

  it("takes as long as the text is long, however it is written", () => {
    for (const hostile of [
      "[".repeat(60_000),
      "*a ".repeat(20_000),
      "**a **b ".repeat(8_000),
      "`".repeat(60_000),
      "> ".repeat(30_000),
      "- ".repeat(30_000),
      `# ${" ".repeat(60_000)}x`,
      `http://${".".repeat(60_000)}a`,
      `|${"-|".repeat(30_000)}\n|${"-|".repeat(30_000)}`,
      "![](".repeat(15_000),
      "_*".repeat(30_000),
    ]) {
      // In the square of its length each of these took minutes.
      expect(markdown(hostile).length).toBeGreaterThan(0);
    }
  });

  it("keeps what it drew before of the same text", () => {
    const into = document.createElement("div");
    draw(into, "a\n\nb", "");
    const [first] = into.children;
    draw(into, "a\n\nb and more", "");
    expect(into.children[0]).toBe(first);
    expect(into.textContent).toBe("ab and more");
  });

  it("shows what is open at its end as it will be", () => {
    expect(closed("a **b")).toBe("a **b**");
    expect(closed("a **b**")).toBe("a **b**");
    expect(closed("a `b")).toBe("a `b`");
    expect(closed("a **")).toBe("a **");
    expect(closed("```\na **b")).toBe("```\na **b");
  });
});
