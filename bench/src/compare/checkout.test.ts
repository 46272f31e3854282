import { expect, it } from "vitest";
import { UsageError } from "../usage-error.ts";
import { resolveCommit } from "./checkout.ts";

it("a ref becomes the hash of its commit", async () => {
  const commit = await resolveCommit("HEAD");
  expect(commit).toMatch(/^[0-9a-f]{40,64}$/);
  expect(await resolveCommit(commit.slice(0, 12))).toBe(commit);
});

it.each(["no-such-branch", "--help", "HEAD:README.md"])("%s, which names no commit, is refused", async (ref) => {
  await expect(resolveCommit(ref)).rejects.toThrow(UsageError);
  await expect(resolveCommit(ref)).rejects.toThrow(`"${ref}" names no commit`);
});
