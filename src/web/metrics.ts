import type { ServerResponse } from "node:http";
import type { RequestCount } from "../jobs/request-counts.ts";

const NAME = "driftwright_job_github_requests";

/**
 * What is counted, as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats/
 * It is of this process alone, and begins with it.
 */
function metricsText(counts: readonly RequestCount[]): string {
  const lines = counts.flatMap(({ queue, jobs, requests, atMost }) => [
    ...[...atMost].map(([most, count]) => `${NAME}_bucket{queue="${queue}",le="${most}"} ${count}`),
    `${NAME}_bucket{queue="${queue}",le="+Inf"} ${jobs}`,
    `${NAME}_sum{queue="${queue}"} ${requests}`,
    `${NAME}_count{queue="${queue}"} ${jobs}`,
  ]);
  return [
    `# HELP ${NAME} Requests to GitHub that one attempt at a job sent, by the queue of the job.`,
    `# TYPE ${NAME} histogram`,
    ...lines,
    "",
  ].join("\n");
}

/** `/metrics` */
export function answerMetrics(response: ServerResponse, counts: readonly RequestCount[]): void {
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" };
  response.writeHead(200, headers).end(metricsText(counts));
}
