/** Rows under headings, in columns that line up. What is not known is a dash; a column that nobody knows is left out. */

type Cell = string | number | undefined

export function toTable(headings: string[], rows: Cell[][]): string[] {
  const known = headings.map((_, column) => rows.some((row) => isKnown(row[column])))
  const only = <T>(row: T[]) => row.filter((_, column) => known[column])
  const cells = [headings, ...rows.map((row) => headings.map((_, column) => textOf(row[column])))].map(only)
  const widths = only(headings).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function isKnown(cell: Cell): boolean {
  return cell !== undefined && cell !== ''
}

function textOf(cell: Cell): string {
  return isKnown(cell) ? String(cell) : '-'
}
