import { setTimeout as delay } from "node:timers/promises";
import { SITES } from "../stage/redis-site.ts";
import { ENDED_WELL, type StageProcess } from "../stage/stage-process.ts";
import { type Stage, usedRouters } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, type Injection, pick } from "./fault.ts";

/** Programs have this long to end when they are asked to: a router's drain, and what follows it. */
const STOP_DEADLINE_MS = 15_000;

/** Orders are answered within this beyond what they take. */
const ANSWER_MS = 5_000;
const BLOCK_MS = 10_000;
/** What a program saw may be off by this from what it was told: a busy machine may hold it up between two looks at a clock. */
const TOLERANCE_MS = 1_000;
const READY_MS = 20_000;

const KINDS = {
  router: usedRouters,
  sender: (stage: Stage) => stage.senders,
  receiver: (stage: Stage) => stage.receivers,
} as const;

/** What goes wrong with a program of one kind. */
function faultsOf(kind: keyof typeof KINDS): Fault[] {
  const pickRunning = (stage: Stage, random: () => number) =>
    pick(
      KINDS[kind](stage).filter(({ isRunning }) => isRunning),
      random,
    );
  return [
    {
      name: `kill-${kind}`,
      what: `a ${kind} is killed with SIGKILL, and started again after up to 2 s`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pickRunning(stage, random);
        const ended = await program.kill();
        await delay(between(0, 2_000, random));
        program.start();
        return ended === "SIGKILL" ? `${program.name} was killed` : undefined;
      },
    },
    {
      name: `freeze-${kind}`,
      what: `a ${kind} is stopped with SIGSTOP for 1 to 14 s, and goes on: others may have taken over what it held`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pickRunning(stage, random);
        program.pause();
        await delay(between(1_000, 14_000, random));
        const { isPaused } = program;
        program.resume();
        return isPaused ? `${program.name} stood still` : undefined;
      },
    },
    {
      name: `restart-${kind}`,
      what: `a ${kind} is asked to end with SIGTERM under load, and started again`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pickRunning(stage, random);
        await stopInTime(program);
        program.start();
        return `${program.name} ended in good order`;
      },
    },
    {
      name: `block-${kind}`,
      what: `the event loop of a ${kind} is blocked for 10 s`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pickRunning(stage, random);
        const blockedMs = (await program.ask({ kind: "block", forMs: BLOCK_MS }, BLOCK_MS + ANSWER_MS)) ?? 0;
        return blockedMs < BLOCK_MS - TOLERANCE_MS
          ? undefined
          : counted(blockedMs, `ms in which ${program.name} did nothing`);
      },
    },
    {
      name: `shift-clock-of-${kind}`,
      what: `the clock of a ${kind} jumps by up to an hour, and back`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pickRunning(stage, random);
        const byMs = between(-3_600_000, 3_600_000, random);
        const sawMs = await program.ask({ kind: "shift-clock", byMs }, ANSWER_MS);
        await delay(between(1_000, 3_000, random));
        await program.ask({ kind: "shift-clock", byMs: 0 }, ANSWER_MS);
        const isShifted =
          sawMs !== undefined && Math.abs(sawMs - byMs) <= TOLERANCE_MS && Math.abs(sawMs) > TOLERANCE_MS;
        return isShifted ? `the clock of ${program.name} was off by ${Math.round(sawMs / 1_000)} s` : undefined;
      },
    },
  ];
}

async function stopInTime(program: StageProcess): Promise<void> {
  const ended = await program.stop(STOP_DEADLINE_MS);
  if (ended === ENDED_WELL) return;
  throw new Error(`${program.name}, asked to end within ${STOP_DEADLINE_MS} ms, ended with ${ended ?? "nothing"}`);
}

/** Programs that die, freeze, restart, block, or believe another time. */
export const processFaults: readonly Fault[] = [
  ...faultsOf("router"),
  ...faultsOf("sender"),
  ...faultsOf("receiver"),
  {
    name: "kill-all-routers",
    what: "all routers are killed at once, and started again",
    sites: SITES,
    async inject({ stage }) {
      const routers = stage.routers.filter(({ isRunning }) => isRunning);
      const ends = await Promise.all(routers.map((router) => router.kill()));
      for (const router of routers) router.start();
      return counted(ends.filter((ended) => ended === "SIGKILL").length, "routers were killed");
    },
  },
  {
    name: "scale-routers",
    what: "a router goes on alone, three come beside it, it goes and comes back, and two go: each is asked to end in good order",
    sites: SITES,
    inject: scaleRouters,
  },
];

async function scaleRouters({ stage, random }: Injection): Promise<Effect> {
  const [first, ...others] = stage.routers;
  if (first === undefined) throw new Error("there are no routers");
  await Promise.all(others.map(stopIfRunning));
  await delay(between(0, 500, random));
  for (const router of others) router.start();
  await allReady(stage, others);
  await delay(between(0, 1_000, random));
  const before = carriedByOthers(stage);
  // Its clients go to the new ones.
  await stopInTime(first);
  await delay(between(500, 1_500, random));
  const moved = carriedByOthers(stage) - before;
  first.start();
  await allReady(stage, [first]);
  await Promise.all(others.slice(1).map(stopInTime));
  return counted(moved, "connections moved to new routers");
}

/** Who is asked to end before it is ready has nothing to end in good order. */
async function allReady(stage: Stage, routers: readonly StageProcess[]): Promise<void> {
  for (const router of routers) {
    if (!(await stage.isReady(router, READY_MS))) throw new Error(`${router.name} was not ready within ${READY_MS} ms`);
  }
}

async function stopIfRunning(program: StageProcess): Promise<void> {
  if (program.isRunning) await stopInTime(program);
}

/** Connections that all routers but the first have been given. */
function carriedByOthers({ clientLinks }: Stage): number {
  return clientLinks.slice(1).reduce((sum, { toll }) => sum + toll.carried, 0);
}
