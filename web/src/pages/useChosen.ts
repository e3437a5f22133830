import { useSearchParams } from "react-router";

/** What a list is narrowed by, by name. It stands in the address, so it can be linked to; what is empty does not. */
export function useChosen() {
  const [params, setParams] = useSearchParams();
  const chosen = (name: string) => params.get(name) ?? "";
  const choose = (name: string) => (value: string) =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return { chosen, choose };
}
