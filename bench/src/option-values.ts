import { z } from "zod";

const number = z.string().transform((text, context) => {
  const value = Number(text);
  if (text.trim() !== "" && !Number.isNaN(value)) return value;
  context.addIssue({ code: "custom", message: `"${text}" is not a number` });
  return z.NEVER;
});

/** The schema of a number of things, given as text. */
export const count = (least: number, most: number) =>
  number.pipe(
    z
      .int({ error: ({ input }) => `${String(input)} is not a whole number` })
      .min(least, { error: ({ input }) => `${String(input)} is below ${least.toLocaleString("en-US")}` })
      .max(most, { error: ({ input }) => `${String(input)} is above ${most.toLocaleString("en-US")}` }),
  );

/** The schema of a length of time, given as text; its unit is the option's. */
export const duration = (least: number, most: number) =>
  number.pipe(
    z
      .number()
      .min(least, { error: ({ input }) => `${String(input)} is below ${least}` })
      .max(most, { error: ({ input }) => `${String(input)} is above ${most.toLocaleString("en-US")}` }),
  );

/** The schema of one word of several. */
export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  z.enum(words, { error: ({ input }) => `"${String(input)}" is none of ${words.join(", ")}` });

/** Messages a second, all senders together, whatever happens to them (open loop); or as many as will go (closed loop). */
export const rate = z.union([z.literal("max"), count(1, 1_000_000)], {
  error: ({ input }) => `"${String(input)}" is neither "max" nor a whole number from 1 to 1,000,000`,
});

/** When Redis writes its append-only file to the disk; `off`: there is none. */
export const aof = oneOf(["off", "everysec", "always"]);

/** The largest body that the router takes, unless it is told otherwise. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * Reads options given as texts. What is not there is left out.
 *
 * @param raw by the names of the schema's fields
 * @throws Error with a line for each problem: the flag, its value and what is allowed
 */
export function parseOptions<Shape extends z.ZodRawShape>(
  shape: Shape,
  raw: Readonly<Record<string, unknown>>,
): Partial<z.infer<z.ZodObject<Shape>>> {
  const checked = z.object(shape).partial().safeParse(raw);
  if (!checked.success) {
    throw new Error(checked.error.issues.map(({ path, message }) => `${flagOf(path[0])}: ${message}`).join("\n"));
  }
  const given = Object.entries(checked.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<z.infer<z.ZodObject<Shape>>>;
}

/** The flag for an option: bodyBytes → --body-bytes. */
export function flagOf(option: PropertyKey | undefined): string {
  return `--${String(option).replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
