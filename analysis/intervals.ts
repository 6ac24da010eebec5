// Confidence intervals for shares.

/** 97.5 per cent quantile of the standard normal distribution: two-sided 95 per cent confidence. */
const Z = 1.959963984540054;

/**
 * Wilson score interval at 95 per cent confidence for `hits` of `n` (E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927). Null without observations. With 0 of n its upper end is z²/(n+z²), near 3.84/n.
 */
export function wilson(hits: number, n: number): readonly [number, number] | null {
  if (n === 0) return null;
  const share = hits / n;
  const spread = (Z * Z) / n;
  const centre = (share + spread / 2) / (1 + spread);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + spread / (4 * n))) / (1 + spread);
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === n ? 1 : Math.min(1, centre + half)];
}
