const MAX_QUOTED = 60;

/** `text` in quotes for an error message: control characters escaped, and cut where it would flood a log line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
