// Writes the table of `expressions/collation.js`: which characters sort before which, as Node's ICU has it (CLDR's root
// order, which English uses). Run by hand: `node scripts/generate-collation.mjs`; the table changes with Unicode only.
import { writeFileSync } from "node:fs";

const TABLE = new URL("../../layers/core/src/stepweave/expressions/collation.txt", import.meta.url);
const RANGES = [
  [0x09, 0x0d],
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x2010, 0x205e],
  [0x20a0, 0x20c0],
  [0x2100, 0x214f],
];
const MARKS = [0x300, 0x345];
const [base, accent, variant] = ["base", "accent", "variant"].map(
  (sensitivity) => new Intl.Collator("en", { sensitivity }),
);

const characters = ([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
const marks = characters(MARKS).filter((mark) => mark.normalize("NFD") === mark && accent.compare(mark, "") !== 0);
marks.sort((left, right) => accent.compare(`a${left}`, `a${right}`));
const atoms = RANGES.flatMap(characters).filter(
  (each) => !/\p{Cn}|\p{M}|\p{Cf}/u.test(each) && each.normalize("NFD") === each && base.compare(each, "") !== 0,
);
const letters = "abcdefghijklmnopqrstuvwxyz";
const pairs = [...letters].flatMap((first) => [...letters].map((second) => first + second));

// Letters that are others with a stroke (ø), or two (æ): what they are compared as.
const spelled = {};
for (const each of atoms) {
  const pair = pairs.find((two) => base.compare(each, two) === 0);
  if (pair) spelled[each] = pair;
}
const groups = [];
const singles = atoms.filter((each) => !(each in spelled));
singles.sort((left, right) => variant.compare(left, right) || (left < right ? -1 : 1));
for (const each of singles) {
  const group = groups.at(-1);
  const first = group?.[0];
  if (!group || base.compare(first, each) !== 0) groups.push([each]);
  else if (accent.compare(first, each) === 0) group.push(each);
  else {
    const plain = each.toLowerCase() === each ? first : first.toUpperCase();
    const mark = marks.find((one) => accent.compare(each, plain + one) === 0);
    if (mark) spelled[each] = plain + mark;
    else group.push(each);
  }
}
const text = [
  groups.map((group) => group.join("")).join("\u0000"),
  marks.join(""),
  Object.entries(spelled)
    .map(([each, as]) => each + as)
    .join("\u0000"),
].join("\u0001");
writeFileSync(TABLE, JSON.stringify(text));
console.log(
  `${groups.length} groups, ${marks.length} marks, ${Object.keys(spelled).length} spelled, ${text.length} characters`,
);
