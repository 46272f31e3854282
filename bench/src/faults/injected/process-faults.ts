import { setTimeout as delay } from "node:timers/promises";
import { SITES } from "../stage/redis-site.ts";
import type { StageProcess } from "../stage/stage-process.ts";
import type { Stage } from "../stage/stage.ts";
import { between, type Fault, pick } from "./fault.ts";

/** Programs have this long to end when they are asked to: a router's drain, and what follows it. */
const STOP_DEADLINE_MS = 15_000;

const KINDS = {
  router: (stage: Stage) => stage.routers,
  sender: (stage: Stage) => stage.senders,
  receiver: (stage: Stage) => stage.receivers,
} as const;

/** What goes wrong with a program of one kind. */
function faultsOf(kind: keyof typeof KINDS): Fault[] {
  const running = (stage: Stage) => KINDS[kind](stage).filter(({ isRunning }) => isRunning);
  return [
    {
      name: `kill-${kind}`,
      what: `a ${kind} is killed with SIGKILL, and started again after up to 2 s`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pick(running(stage), random);
        await program.kill();
        await delay(between(0, 2_000, random));
        program.start();
      },
    },
    {
      name: `freeze-${kind}`,
      what: `a ${kind} is stopped with SIGSTOP for 1 to 14 s, and goes on: others may have taken over what it held`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pick(running(stage), random);
        program.pause();
        await delay(between(1_000, 14_000, random));
        program.resume();
      },
    },
    {
      name: `restart-${kind}`,
      what: `a ${kind} is asked to end with SIGTERM under load, and started again`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pick(running(stage), random);
        await stopInTime(program);
        program.start();
      },
    },
    {
      name: `block-${kind}`,
      what: `the event loop of a ${kind} is blocked for 10 s`,
      sites: SITES,
      async inject({ stage, random }) {
        pick(running(stage), random).order({ kind: "block", forMs: 10_000 });
        await delay(10_000);
      },
    },
    {
      name: `shift-clock-of-${kind}`,
      what: `the clock of a ${kind} jumps by up to an hour, and back`,
      sites: SITES,
      async inject({ stage, random }) {
        const program = pick(running(stage), random);
        program.order({ kind: "shift-clock", byMs: between(-3_600_000, 3_600_000, random) });
        await delay(between(1_000, 3_000, random));
        program.order({ kind: "shift-clock", byMs: 0 });
      },
    },
  ];
}

async function stopInTime(program: StageProcess): Promise<void> {
  if (await program.stop(STOP_DEADLINE_MS)) return;
  throw new Error(`${program.name} did not end within ${STOP_DEADLINE_MS} ms of SIGTERM`);
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
      await Promise.all(routers.map((router) => router.kill()));
      for (const router of routers) router.start();
    },
  },
  {
    name: "scale-routers",
    what: "routers go from 2 to 4 to 1 to 2, each asked to end in good order",
    sites: SITES,
    async inject({ stage, random }) {
      for (const router of stage.routers) router.start();
      await delay(between(1_000, 3_000, random));
      await Promise.all(stage.routers.slice(1).map(stopInTime));
      await delay(between(500, 2_000, random));
      stage.routers[1]?.start();
    },
  },
];
