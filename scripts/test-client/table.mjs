// Prints a table with aligned columns. Numbers are aligned to the right, with thousands separators.

export function printTable(heading, rows) {
  const cells = [heading, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isNumeric = heading.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  for (const [index, row] of cells.entries()) {
    const line = row.map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ');
    console.log(line.trimEnd());
    if (index === 0) console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  }
}
