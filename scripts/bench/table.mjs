// Prints what was measured beside what was aimed at.

const number = (value) =>
  value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);

function verdict({ value, target, must }) {
  if (target === undefined) return '';
  return value <= target ? 'on target' : value <= must ? 'within must' : 'TOO SLOW';
}

/** @param rows each with `work`, `value`, `unit`, and perhaps `target` and `must` */
export function printTable(rows) {
  const lines = [
    ['work', 'measured', 'target', 'must', ''],
    ...rows.map((row) => [
      row.work,
      `${number(row.value)} ${row.unit}`,
      number(row.target),
      number(row.must),
      verdict(row),
    ]),
  ];
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) =>
      line
        .map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
