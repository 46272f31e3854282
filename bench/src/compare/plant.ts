import { readFileSync, writeFileSync } from "node:fs";

const SENDER = "packages/client/src/sender.ts";
/** Rounds to measure a round by, after as many to have it compiled. */
const TRIAL_ROUNDS = 50_000_000;

/**
 * Plants a slow-down into a checkout that nobody else uses: every message that is sent costs so much more processor time.
 * It shows that a comparison notices. Can be called again.
 *
 * @throws Error when the client's sender is not where it is looked for
 */
export class Plant {
  readonly #path: URL;
  readonly #original: string;
  readonly #roundsPerMicro = roundsPerMicro();

  constructor(root: URL) {
    this.#path = new URL(SENDER, root);
    this.#original = readFileSync(this.#path, "utf8");
    if (!/^export class Sender\b/m.test(this.#original))
      throw new Error(`${SENDER} exports no class Sender to slow down`);
  }

  /** From now on, for programs started later. */
  slowDownBy(microsPerMessage: number): void {
    const rounds = Math.round(microsPerMessage * this.#roundsPerMicro);
    writeFileSync(this.#path, `${this.#original}\n${plantedSource(rounds)}`);
  }
}

function plantedSource(rounds: number): string {
  return `
${spin.toString()}
let spun = 1;
for (const way of ["send", "publish"]) {
  const original = Sender.prototype[way];
  Sender.prototype[way] = function (message) {
    spun = spin(spun, ${rounds});
    return original.call(this, message);
  };
}
export const spunSoFar = () => spun;
`;
}

function roundsPerMicro(): number {
  let state = spin(1, TRIAL_ROUNDS);
  const before = performance.now();
  state = spin(state, TRIAL_ROUNDS);
  const micros = (performance.now() - before) * 1_000;
  // Used, so that no compiler leaves it out.
  if (state === 0) throw new Error("xorshift never comes to 0");
  return TRIAL_ROUNDS / micros;
}

/** Rounds of Marsaglia's xorshift: each needs the one before, so none can be left out. Written out into the checkout. */
function spin(state: number, rounds: number): number {
  for (let round = 0; round < rounds; round++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
  }
  return state;
}
