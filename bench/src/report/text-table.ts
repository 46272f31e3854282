/** How a column stands: text to the left, numbers to the right. */
export type Alignment = "left" | "right";

/** Lays out rows under a header. Widths follow the content; no line ends with spaces. */
export function textTable(
  header: readonly string[],
  alignments: readonly Alignment[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const laidOut = lines.map((line) =>
    widths
      .map((width, column) => {
        const cell = line[column] ?? "";
        return alignments[column] === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  laidOut.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return laidOut.join("\n");
}
