// What the app shows to each role, after the register's own table (api/access.py): a button whose document the register
// would refuse is not shown.

/** Whose area of the app a role has; "none": its work is done elsewhere. */
export type Area = "owner" | "police" | "none";

const areas: Readonly<Record<string, Area>> = {
  owner: "owner",
  officer: "police",
  district: "police",
  province: "police",
};

export function areaOf(role: string): Area {
  return areas[role] ?? "none";
}

/** Declares people and places, and says who has left. */
export function mayDeclare(role: string): boolean {
  return role === "owner" || role === "officer";
}

/** Accepts, returns, passes on, and verifies owners; district and province read the same lists. */
export function mayJudge(role: string): boolean {
  return role === "officer";
}
