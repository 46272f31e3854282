import type { BenchCase } from "../bench-case.ts";
import { autocannonLoad } from "./autocannon/autocannon-load.ts";
import { articleGoCase } from "./ghz/article-go-case.ts";
import { ghzLoad } from "./ghz/ghz-load.ts";
import { k6Load } from "./k6/k6-load.ts";
import type { AutocannonOptions, GhzOptions, K6Options } from "./load-options.ts";
import { measureLoad } from "./measure-load.ts";
import type { Load } from "./tool-run.ts";

/** Which tool to run, and what it is told. */
export type LoadPlan =
  | {
      readonly tool: "ghz";
      readonly options: GhzOptions;
      /** Also call the article's server in Go, for comparison. */
      readonly articleGo: boolean;
    }
  | { readonly tool: "k6"; readonly options: K6Options }
  | { readonly tool: "autocannon"; readonly options: AutocannonOptions };

/** A load as a case among others, and what it is compared with. @throws Error that says how to get its tool when there is none */
export function loadCases(plan: LoadPlan): BenchCase[] {
  const load = loadOf(plan);
  const { warmUpSeconds, seconds } = load.options;
  const ours: BenchCase = {
    kind: "load",
    name: load.name,
    seconds: warmUpSeconds + seconds,
    run: () => measureLoad(load),
  };
  return plan.tool === "ghz" && plan.articleGo ? [ours, articleGoCase(plan.options)] : [ours];
}

function loadOf(plan: LoadPlan): Load {
  switch (plan.tool) {
    case "ghz":
      return ghzLoad(plan.options);
    case "k6":
      return k6Load(plan.options);
    case "autocannon":
      return autocannonLoad(plan.options);
  }
}
