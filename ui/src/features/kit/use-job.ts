// A job, live: events are written into the query cache, where every page sees them.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { afterEvent, isOver, type JobView } from "../../api/job";
import { fits, job as jobQuery } from "../../api/queries";

export function useJob(id: string) {
  const client = useQueryClient();
  const query = useQuery(jobQuery(id));
  const isLive = query.data !== undefined && !isOver(query.data.state);

  useEffect(() => {
    if (!isLive) return;
    // The browser comes back with Last-Event-ID by itself when the line is cut.
    const source = new EventSource(`/api/v1/jobs/${id}/events`);
    const { queryKey } = jobQuery(id);
    function heard(event: MessageEvent<string>): void {
      const next = client.setQueryData<JobView>(queryKey, (job) => job && afterEvent(job, event.type, event.data));
      if (!next || !isOver(next.state)) return;
      source.close();
      void client.invalidateQueries({ queryKey });
      void client.invalidateQueries({ queryKey: fits.queryKey });
    }
    source.addEventListener("state", heard);
    source.addEventListener("progress", heard);
    return () => source.close();
  }, [client, id, isLive]);

  return query;
}
