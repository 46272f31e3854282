import { changeText } from "../report/change-text.ts";
import { type Alignment, textTable } from "../report/text-table.ts";
import type { CounterJudgement } from "./judged-counters.ts";
import type { CountersRun } from "./run-counters.ts";

const HEADER = ["work", "for 100,000 messages", "expected", "counted", "change", "allowed", "verdict"];
const ALIGNMENTS: readonly Alignment[] = ["left", "left", "right", "right", "right", "right", "left"];

/** What was counted beside what was expected, and in words what follows from it. */
export function countersTable({ works, differences }: CountersRun): string {
  const table = textTable(
    HEADER,
    ALIGNMENTS,
    works.flatMap(({ work, judgements }) => judgements.map((judgement) => [work, ...counterCells(judgement)])),
  );
  const judgements = works.flatMap((work) => work.judgements);
  const conclusions = [
    ...(differences.length > 0 ? [`Counted with ${differences.join(" and ")}, which alone may change counters.`] : []),
    ...(judgements.some(({ verdict }) => verdict === "grew")
      ? ["A counter grew beyond what is allowed. If that is meant: pnpm bench counters --update, in the same commit."]
      : []),
    ...(judgements.some(({ verdict }) => verdict === "fell")
      ? ["A counter fell. To keep it there: pnpm bench counters --update, in the same commit."]
      : []),
  ];
  return [table, ...(conclusions.length > 0 ? ["", ...conclusions] : [])].join("\n");
}

/** Name, base, head, change, bound and verdict of a counter. */
export function counterCells({ counter, base, head, ratio, bound, verdict }: CounterJudgement): string[] {
  return [
    counter,
    base.toLocaleString("en-US"),
    head.toLocaleString("en-US"),
    changeText(ratio),
    changeText(1 + bound),
    verdict,
  ];
}
