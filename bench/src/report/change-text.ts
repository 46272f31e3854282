/** A ratio as the change that it means: 1.034 becomes "+3.4 %". */
export function changeText(ratio: number): string {
  const change = ((ratio - 1) * 100).toFixed(1);
  return `${change.startsWith("-") ? change.replace(/^-0\.0$/, "+0.0") : `+${change}`} %`;
}
