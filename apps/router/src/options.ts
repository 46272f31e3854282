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

/** A certificate is of no use without its key, nor a key without its certificate. */
const PARTNERS = [
  ["tlsCert", "tlsKey"],
  ["tlsKey", "tlsCert"],
  ["redisTlsCert", "redisTlsKey"],
  ["redisTlsKey", "redisTlsCert"],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

const REDIS_TLS = ["redisTlsCa", "redisTlsCert", "redisTlsKey", "redisTlsServerName"] as const;

function contradictions(options: RouterAppOptions, said: Said): string[] {
  const { leaseMs, heartbeatMs, minRetryMs, maxRetryMs, tlsCert, tlsClientCa, redisUrl } = options;
  const found: string[] = [];
  if (heartbeatMs !== undefined && heartbeatMs > leaseMs) {
    found.push(`${said("heartbeatMs", heartbeatMs)}: must not be longer than ${said("leaseMs", leaseMs)}`);
  }
  if (minRetryMs > maxRetryMs) {
    found.push(`${said("minRetryMs", minRetryMs)}: must not be longer than ${said("maxRetryMs", maxRetryMs)}`);
  }
  for (const [name, partner] of PARTNERS) {
    const value = options[name];
    if (value !== undefined && options[partner] === undefined) {
      found.push(`${said(name, value)}: needs ${flagOf(partner)} beside it`);
    }
  }
  if (tlsClientCa !== undefined && tlsCert === undefined) {
    found.push(`${said("tlsClientCa", tlsClientCa)}: needs ${flagOf("tlsCert")} and ${flagOf("tlsKey")} beside it`);
  }
  for (const name of REDIS_TLS) {
    const value = options[name];
    if (value !== undefined && !redisUrl.startsWith("rediss")) {
      found.push(`${said(name, value)}: needs a ${flagOf("redisUrl")} that begins with rediss`);
    }
  }
  return found;
}
