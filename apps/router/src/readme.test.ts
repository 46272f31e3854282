import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { flagOf, type SettingName, settings, variableOf } from "./settings.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README lists every setting with its variable and default, and none besides", () => {
  const rows = [...readme.matchAll(/^\| `(--[a-z-]+)` \| `([A-Z_]+)` \| (?:`(.+?)`)? ?\|/gm)];
  expect(rows.map(([, flag, variable, value]) => [flag, variable, value])).toEqual(
    (Object.keys(settings) as SettingName[]).map((name) => [flagOf(name), variableOf(name), settings[name].default]),
  );
});
