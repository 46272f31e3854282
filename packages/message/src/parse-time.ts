// RFC 3339, section 5.6; the seconds may be left out. Without its offset a time would be another one in another place.
const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * Reads a time with its offset, such as 2027-01-31T08:00:00Z or 2027-01-31T08:00+01:00: milliseconds since 1970-01-01 UTC.
 * Undefined for a text that is none, and for a day that its month does not have.
 */
export function parseTime(text: string): number | undefined {
  const [whole, year, month, day] = TIME.exec(text) ?? [];
  const timeMs = whole === undefined ? Number.NaN : Date.parse(whole.toUpperCase());
  if (Number.isNaN(timeMs)) return undefined;
  // 30 February would be 2 March.
  const daysOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) > daysOfMonth ? undefined : timeMs;
}
