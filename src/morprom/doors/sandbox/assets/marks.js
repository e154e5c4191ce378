// Which finding belongs to which place of the tree. A key that is missing gets a place of its own, under its parent.

import { follow } from "./json.js";

const ORDER = ["error", "warning", "information"];

/** Map of place → `{own: findings here, missing: Map key → findings, below: {severity: count}}`. */
export function marksOf(root, findings) {
  const marks = new Map();
  const at = (place) => {
    if (!marks.has(place)) marks.set(place, { own: [], missing: new Map(), below: {} });
    return marks.get(place);
  };
  for (const finding of findings) {
    const { place, missing } = follow(root, finding.path ?? "");
    if (missing.length > 0 && place.holds) {
      const gone = at(place).missing;
      const key = missing.join("/");
      if (!gone.has(key)) gone.set(key, []);
      gone.get(key).push(finding);
    } else {
      at(place).own.push(finding);
    }
    for (let up = place; up; up = up.parent) {
      const below = at(up).below;
      below[finding.severity] = (below[finding.severity] ?? 0) + 1;
    }
  }
  return marks;
}

/** The severities of a count, worst first. */
export const worstFirst = (counts) => ORDER.filter((severity) => counts[severity] > 0);

export function countBySeverity(findings) {
  const counts = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
