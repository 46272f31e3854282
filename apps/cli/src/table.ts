/** How the cells of a column stand. */
type Alignment = "left" | "right";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly align?: Alignment;
  readonly text: (row: Row) => string;
}

/** Lines of a table, columns two spaces apart, without spaces at the end of a line. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? "").length)));
  return cells.map((line) =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
