/** What can be looked at and compared: the draft, versions, and what is live in an environment. */

import type { Live } from "../../api/environments";
import type { WorkflowVersion } from "../../api/types";
import { strings } from "../../strings";

const t = strings.versions;

/** The draft's number among versions. */
export const DRAFT = 0;

export interface Side {
  key: string;
  /** Of the version; `DRAFT` for the draft. */
  number: number;
  name: string;
}

export const draftSide: Side = { key: "draft", number: DRAFT, name: t.draft };

export const keyOfVersion = (number: number) => `version ${number}`;
export const keyOfPlace = (key: string) => `live ${key}`;

/** All there are: the draft, what is live where there are several environments, the versions. */
export function sidesOf(versions: readonly WorkflowVersion[], places: readonly Live[]): Side[] {
  const live = places.length < 2 ? [] : places;
  return [
    draftSide,
    ...live.flatMap(({ key, name, version }) =>
      version === null ? [] : [{ key: keyOfPlace(key), number: version, name: t.liveIn(name, version) }],
    ),
    ...versions.map(({ number, name }) => ({ key: keyOfVersion(number), number, name: t.named(number, name) })),
  ];
}

/** Which of two is the later one: the draft, else the higher number; of two that are the same, the first. */
export const isLater = (one: Side, other: Side): boolean =>
  one.number === DRAFT || (other.number !== DRAFT && one.number >= other.number);

/** What a side is compared with at first: a version with the draft, the draft with the latest version, what is live in
 * an environment with what is live in the next one. */
export function firstOther(side: Side, sides: readonly Side[]): Side {
  const places = sides.filter(({ key }) => key.startsWith(keyOfPlace("")));
  const at = places.findIndex(({ key }) => key === side.key);
  if (at >= 0) return places[at + 1] ?? places[at - 1] ?? draftSide;
  if (side.number !== DRAFT) return draftSide;
  return sides.find(({ key, number }) => key === keyOfVersion(number)) ?? draftSide;
}
