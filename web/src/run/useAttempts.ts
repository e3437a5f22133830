import { useMemo } from "react";
import { useEvents } from "../api/events";
import { type Attempt, attemptsOf } from "./attempts";
import { useRun } from "./context";

const NONE: Attempt[] = [];

/** The attempts in the run shown; read from its events once a node was tried more than once. */
export function useAttempts(): Attempt[] {
  const executionId = useRun(({ run }) => run.executionId) ?? "";
  const version = useRun(({ run }) =>
    Object.values(run.nodes)
      .filter((node) => node.attempt > 1)
      .map((node) => `${node.nodeId} ${node.iteration} ${node.attempt} ${node.status}`)
      .join("/"),
  );
  const { data } = useEvents(executionId, version ?? "", Boolean(executionId && version));
  return useMemo(() => (data ? attemptsOf(data) : NONE), [data]);
}
