import type { CaseResult } from "../../result-schema.ts";
import { size } from "../figure-text.ts";

/** Results that one scale fits. */
export interface ResultGroup {
  readonly kind: "rate" | "max" | "part";
  readonly title: string;
  readonly results: readonly CaseResult[];
}

/**
 * Puts together what can be compared: what ran at a given rate (at each rate, when there are several systems), what ran as
 * fast as it would with bodies of one size, and parts that were measured alone. Groups come in the order of their first
 * result.
 */
export function groupResults(results: readonly CaseResult[]): ResultGroup[] {
  const paced = new Set(results.filter((result) => kindOf(result) === "rate").map(systemOf));
  const groups = new Map<string, { kind: ResultGroup["kind"]; title: string; results: CaseResult[] }>();
  for (const result of results) {
    const kind = kindOf(result);
    const title = titleOf(kind, result, paced.size > 1);
    const group = groups.get(title) ?? { kind, title, results: [] };
    groups.set(title, group);
    group.results.push(result);
  }
  return [...groups.values()];
}

function kindOf({ options }: CaseResult): ResultGroup["kind"] {
  if (options["messagesPerCall"] !== undefined) return "part";
  return typeof options["rate"] === "number" ? "rate" : "max";
}

function titleOf(kind: ResultGroup["kind"], { options }: CaseResult, isByRate: boolean): string {
  if (kind === "part") return "Parts, each alone in a process";
  if (kind === "rate") {
    return isByRate ? `At ${Number(options["rate"]).toLocaleString("en-US")} messages/s` : "At a given rate";
  }
  const bytes = options["bodyBytes"];
  return typeof bytes === "number" ? `As fast as it goes, bodies of ${size(bytes)}` : "As fast as it goes";
}

/** Which system a result is of: ours is `chappe`. */
export function systemOf({ name }: Pick<CaseResult, "name">): string {
  return name.split("/", 1)[0] ?? name;
}

/** A case's name where it is clear what it belongs to: ours without what all of ours begin with. */
export function shortName({ name }: Pick<CaseResult, "name">): string {
  return name.replace(/^chappe\/(end-to-end|micro)\//, "");
}
