/** What a parent process asks a program under measurement. */
export interface Question {
  readonly id: number;
  readonly ask: string;
  readonly argument: unknown;
}

/** What the program answers. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Answers by name. */
export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** Answers the parent's questions, for as long as the parent lives: this process stays, and ends with it. */
export function answerParent(answers: Answers): void {
  process.on("message", (question: Question) => {
    const answer = answers[question.ask];
    // Somebody else in this process may know.
    if (answer !== undefined) void reply(question, answer);
  });
  process.on("disconnect", () => process.exit(1));
  process.channel?.ref();
}

async function reply({ id, argument }: Question, answer: (argument: never) => unknown): Promise<void> {
  try {
    process.send?.({ id, value: await answer(argument as never) } satisfies Answer);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) } satisfies Answer);
  }
}
