/** Rankings: tiers of candidates, best first, and how they are moved. */

export type Tiers = readonly (readonly string[])[];

const places = (tiers: Tiers, id: string): number => tiers.findIndex((tier) => tier.includes(id));

/** The candidates from best to worst, one after the other. */
export const orderOf = (tiers: Tiers): string[] => tiers.flat();

/** The place of a candidate, from 1; those that are as good as each other share it. */
export function placeOf(tiers: Tiers, id: string): number {
  return tiers.slice(0, places(tiers, id)).flat().length + 1;
}

/** Moves a candidate past what is better (-1) or worse (1); out of a tie it goes to a place of its own. */
export function moved(tiers: Tiers, id: string, direction: 1 | -1): Tiers {
  const at = places(tiers, id);
  const tier = tiers[at];
  if (tier === undefined) return tiers;
  if (tier.length > 1) {
    const rest = tier.filter((one) => one !== id);
    return [...tiers.slice(0, at), ...(direction < 0 ? [[id], rest] : [rest, [id]]), ...tiers.slice(at + 1)];
  }
  const to = at + direction;
  if (to < 0 || to >= tiers.length) return tiers;
  const without = tiers.filter((_tier, i) => i !== at);
  return [...without.slice(0, to), [id], ...without.slice(to)];
}

/** Ties a candidate with those above it, or takes it out of its tie, to just below the others. */
export function tied(tiers: Tiers, id: string): Tiers {
  const at = places(tiers, id);
  const tier = tiers[at];
  if (tier === undefined) return tiers;
  if (tier.length > 1) return moved(tiers, id, 1);
  const above = tiers[at - 1];
  return above === undefined ? tiers : [...tiers.slice(0, at - 1), [...above, id], ...tiers.slice(at + 1)];
}

/** Puts a candidate, alone, before the one that stands at `index` of the order; behind all where none does. */
export function placed(tiers: Tiers, id: string, index: number): Tiers {
  const order = orderOf(tiers);
  const target = order[index];
  if (target === id) return tiers;
  const without = tiers.map((tier) => tier.filter((one) => one !== id)).filter((tier) => tier.length > 0);
  if (target === undefined) return [...without, [id]];
  const at = places(without, target);
  const tier = without[at] ?? [];
  const cut = tier.indexOf(target);
  const parts = cut === 0 ? [[id], tier] : [tier.slice(0, cut), [id], tier.slice(cut)];
  return [...without.slice(0, at), ...parts, ...without.slice(at + 1)];
}
