/** Columns of text, as wide as they need to be. */

export function table(head: string[], rows: string[][]): string[] {
  const lines = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** What a stranger wrote, such as a dead letter's sender, must not steer the terminal. */
function printable(cell: string): string {
  return cell.replace(/\p{Cc}/gu, "�");
}
