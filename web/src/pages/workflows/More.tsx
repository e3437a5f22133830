import { useEffect, useRef } from "react";
import type { useWorkflowList } from "../../api/organising";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";

/** The next page, loaded as the end of the list comes into view; a button says so and does it too. */
export function More({ query }: { query: ReturnType<typeof useWorkflowList> }) {
  const end = useRef<HTMLDivElement>(null);
  const { fetchNextPage, isFetchingNextPage } = query;
  useEffect(() => {
    const place = end.current;
    if (!place || isFetchingNextPage) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
    });
    observer.observe(place);
    return () => observer.disconnect();
  }, [fetchNextPage, isFetchingNextPage]);
  return (
    <div ref={end} className="flex justify-center border-line border-t p-3">
      <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {strings.common.loadMore}
      </Button>
    </div>
  );
}
