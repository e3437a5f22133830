import type { ReactNode } from "react";

/**
 * The little markdown that node docs use, drawn as React elements: paragraphs, lists, code, bold, italics. Nothing is ever
 * handed to the browser as HTML, so whatever the text holds is shown as text.
 */
export function Markdown({ text }: { text: string }) {
  return <div className="prose">{blocks(text)}</div>;
}

/** A line of it within something else: help, findings. */
export function Inline({ text }: { text: string }) {
  return <span className="inline-prose">{inline(text)}</span>;
}

function blocks(text: string): ReactNode[] {
  const parts = text.trim().split(/(```[\s\S]*?```)|\n{2,}/);
  return parts.flatMap((part, index) => {
    if (!part?.trim()) return [];
    // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes while it is shown.
    return [<Block key={index} text={part.trim()} />];
  });
}

function Block({ text }: { text: string }) {
  if (text.startsWith("```")) {
    return (
      <pre>
        <code>{text.replace(/^```\w*\n?|\n?```$/g, "")}</code>
      </pre>
    );
  }
  const heading = /^#{1,6}\s+(.*)$/.exec(text);
  if (heading) return <h3 className="font-semibold text-ink">{inline(heading[1] ?? "")}</h3>;
  const lines = text.split("\n");
  if (lines.every((line) => /^(\s*[-*]\s|\s{2,}\S)/.test(line))) return <ul>{listItems(text, /^\s*[-*]\s+/)}</ul>;
  if (lines.every((line) => /^(\s*\d+\.\s|\s{2,}\S)/.test(line))) return <ol>{listItems(text, /^\s*\d+\.\s+/)}</ol>;
  return <p>{inline(text.replaceAll("\n", " "))}</p>;
}

function listItems(text: string, mark: RegExp): ReactNode[] {
  const items: string[] = [];
  for (const line of text.split("\n")) {
    if (mark.test(line)) items.push(line.replace(mark, ""));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes while it is shown.
  return items.map((item, index) => <li key={index}>{inline(item)}</li>);
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|(?<![\w*])\*(?=[^\s*])[^*]*[^\s*]\*(?![\w*]))/).map((part, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: the text never changes while it is shown.
    if (/^`[^`]+`$/.test(part)) return <code key={index}>{part.slice(1, -1)}</code>;
    if (/^\*\*[^*]+\*\*$/.test(part)) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (/^\*[^*]+\*$/.test(part)) return <em key={index}>{part.slice(1, -1)}</em>;
    return part;
    // biome-ignore-end lint/suspicious/noArrayIndexKey: see above.
  });
}
