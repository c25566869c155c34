import { type Finding, SEVERITIES } from "../drift/model.ts";
import { joined, type Markdown, md, number, text } from "./markdown.ts";

/** How many findings of each severity there are. */
export function severityTable(findings: readonly Finding[]): Markdown {
  const rows = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return md`| ${text(severity)} | ${number(count)} |`;
  });
  return joined([md`| Severity | Findings |`, md`| --- | --- |`, ...rows], "\n");
}
