import type { z } from "zod";
import { flagOf, type SettingName, settings, variableOf } from "./settings.ts";

/** What the router is asked to be, checked. Undefined is what was not said and has no default. */
export type RouterAppOptions = {
  readonly [Name in SettingName]:
    | z.output<(typeof settings)[Name]["schema"]>
    | Extract<(typeof settings)[Name]["default"], undefined>;
};

/** Where a value came from: a flag, an environment variable, or neither. */
export type ValueSource = (name: SettingName) => string | undefined;

/**
 * What flags and environment ask for, or one line per problem: what was set, to what, and what is allowed.
 *
 * @param raw texts by the settings' names
 * @param sourceOf "env" for those that came from the environment
 */
export function checkOptions(
  raw: Readonly<Partial<Record<SettingName, string>>>,
  sourceOf: ValueSource,
): { readonly options: RouterAppOptions } | { readonly problems: readonly string[] } {
  const said: Said = (name, value) => {
    const label = sourceOf(name) === "env" ? variableOf(name) : flagOf(name);
    const { secret } = settings[name] as { readonly secret?: true };
    return secret ? `${label} (not shown, for it may hold a password)` : `${label} "${value}"`;
  };
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const { schema, default: fallback } = settings[name];
    // Composed environments often set a variable to nothing where they mean not to set it.
    const text = raw[name] === "" && sourceOf(name) === "env" ? fallback : (raw[name] ?? fallback);
    values[name] = undefined;
    if (text === undefined) continue;
    const checked = schema.safeParse(text);
    if (checked.success) values[name] = checked.data;
    else problems.push(`${said(name, text)}: ${checked.error.issues[0]?.message}`);
  }
  if (problems.length > 0) return { problems };
  const options = values as RouterAppOptions;
  const found = contradictions(options, said);
  return found.length > 0 ? { problems: found } : { options };
}

/** Names a setting as it was given: its flag or variable, with the value. */
type Said = (name: SettingName, value: string | number) => string;

function contradictions(options: RouterAppOptions, said: Said): string[] {
  const { leaseMs, heartbeatMs, minRetryMs, maxRetryMs, tlsCert, tlsKey, tlsClientCa } = options;
  const found: string[] = [];
  if (heartbeatMs !== undefined && heartbeatMs > leaseMs) {
    found.push(`${said("heartbeatMs", heartbeatMs)}: must not be longer than ${said("leaseMs", leaseMs)}`);
  }
  if (minRetryMs > maxRetryMs) {
    found.push(`${said("minRetryMs", minRetryMs)}: must not be longer than ${said("maxRetryMs", maxRetryMs)}`);
  }
  if (tlsCert !== undefined && tlsKey === undefined) {
    found.push(`${said("tlsCert", tlsCert)}: needs ${flagOf("tlsKey")} beside it`);
  }
  if (tlsKey !== undefined && tlsCert === undefined) {
    found.push(`${said("tlsKey", tlsKey)}: needs ${flagOf("tlsCert")} beside it`);
  }
  if (tlsClientCa !== undefined && tlsCert === undefined) {
    found.push(`${said("tlsClientCa", tlsClientCa)}: needs ${flagOf("tlsCert")} and ${flagOf("tlsKey")} beside it`);
  }
  return [...found, ...redisTlsContradictions(options, said)];
}

function redisTlsContradictions(options: RouterAppOptions, said: Said): string[] {
  const { redisUrl, redisTlsCert, redisTlsKey } = options;
  const found: string[] = [];
  for (const name of ["redisTlsCa", "redisTlsCert", "redisTlsKey", "redisTlsServerName"] as const) {
    const value = options[name];
    if (value !== undefined && !redisUrl.startsWith("rediss")) {
      found.push(`${said(name, value)}: needs a ${flagOf("redisUrl")} that begins with rediss`);
    }
  }
  if (redisTlsCert !== undefined && redisTlsKey === undefined) {
    found.push(`${said("redisTlsCert", redisTlsCert)}: needs ${flagOf("redisTlsKey")} beside it`);
  }
  if (redisTlsKey !== undefined && redisTlsCert === undefined) {
    found.push(`${said("redisTlsKey", redisTlsKey)}: needs ${flagOf("redisTlsCert")} beside it`);
  }
  return found;
}
