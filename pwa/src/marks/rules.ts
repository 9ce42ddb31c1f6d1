// The marks that follow from one stay or one premises, its dates and its links: facts to look at, never a verdict. Twin:
// api/marks/rules.py; both replay tests/vectors/marks.json.
import { earliestDay, isPartialDate, latestDay, yearsAfter } from "../facts/dates.ts";
import { isLate } from "../facts/deadlines.ts";

export type MarkCode =
  | "late"
  | "visa_expired"
  | "visa_expires"
  | "permit_expired"
  | "permit_expires"
  | "no_permit_data"
  | "document_held_by_other"
  | "mrz_check_failed"
  | "mrz_corrected"
  | "same_document_elsewhere"
  | "overlapping_stays"
  | "minor_without_guardian"
  | "unverified_owner"
  | "count_differs"
  | "values_withheld"
  | "clock_skew"
  | "group_moved"
  | "departure_in_future"
  | "departed_twice"
  | "departed_before_arrival"
  | "key_ended"
  | "many_one_phone"
  | "many_one_employer"
  | "many_one_series";
export type Side = "owner" | "police" | "desk";

/** One thing to look at; `params` are the facts that explain it. */
export type Mark = {
  readonly code: MarkCode;
  readonly params: Readonly<Record<string, string | number | boolean | readonly string[]>>;
};

/** Another stay of the same document, or of the same names, birth date and nationality. */
export type LinkedStay = {
  readonly stay_id: string;
  readonly premises_id: string;
  readonly by: "document" | "person";
  readonly arrived_on?: string | null;
  readonly left_on?: string | null;
};

/** How many stays that count share something, and at how many premises they are. */
type Spread = { readonly count: number; readonly homes: number };

/** What a stay shares with others, itself among them. */
export type Shared = { readonly phone?: Spread; readonly employer?: Spread; readonly series?: Spread };

/** What is known of one stay; absent or null where nothing was declared. */
export type StayFacts = {
  readonly premises_id: string;
  readonly received_at: string;
  readonly due_at?: string | null;
  readonly author_state?: "active" | "unverified";
  readonly role?: string;
  readonly arrived_on?: string | null;
  readonly left_on?: string | null;
  readonly left_on_before?: readonly string[];
  readonly visa_class?: string;
  readonly visa_expires_on?: string | null;
  readonly permit_state?: string | null;
  readonly permit_year?: number | null;
  readonly document_holder?: string;
  readonly mrz_failing?: readonly string[];
  readonly mrz_repaired?: boolean;
  readonly born_on?: string | null;
  readonly guardian_is_named?: boolean;
  readonly linked?: readonly LinkedStay[];
  readonly withheld?: readonly string[];
  readonly skew_minutes?: number;
  readonly moved_from?: string | null;
  readonly moved_count?: number;
  readonly key_ended_as?: string | null;
  readonly shared?: Shared;
};

/** What is known of one premises and its latest declaration; `found_count` counts the stays that the register holds: those named, and others of that day. */
export type PremisesFacts = {
  readonly author_state?: "active" | "unverified";
  readonly due_at?: string | null;
  readonly declared_at?: string | null;
  readonly declared_count?: number | null;
  readonly found_count?: number;
  readonly withheld?: readonly string[];
  readonly skew_minutes?: number;
  readonly key_ended_as?: string | null;
};

const soonDays: readonly number[] = [7, 30];
const adultYears = 18;
const skewMinutes = 5;
const groupMin = 5;
const manyMin = 5;
// What those of one house share, the house explains: its telephone, its employer, a journey.
const homesMin = 2;
const dayMs = 24 * 3600 * 1000;
// An owner learns nothing of other premises; unaccompanied minors are for the desk alone.
const notForAll: Partial<Record<MarkCode, readonly Side[]>> = {
  same_document_elsewhere: ["police", "desk"],
  overlapping_stays: ["police", "desk"],
  group_moved: ["police", "desk"],
  key_ended: ["police", "desk"],
  many_one_phone: ["police", "desk"],
  many_one_employer: ["police", "desk"],
  many_one_series: ["police", "desk"],
  minor_without_guardian: ["desk"],
};

/** The marks that this side may know of. */
export function visibleMarks(marks: readonly Mark[], side: Side): readonly Mark[] {
  return marks.filter(({ code }) => notForAll[code]?.includes(side) ?? true);
}

/** The marks of a stay; `today` is the day in Cambodia. */
export function stayMarks(stay: StayFacts, today: string): readonly Mark[] {
  return [
    ...late(stay.received_at, stay.due_at),
    ...visa(stay, today),
    ...permit(stay, today),
    ...documentShown(stay),
    ...links(stay),
    ...minor(stay, today),
    ...unverified(stay.author_state),
    ...carried(stay),
    ...group(stay),
    ...departure(stay, today),
    ...keyEnded(stay),
    ...many(stay.shared ?? {}),
  ];
}

/** The marks of a premises and its latest declaration. */
export function premisesMarks(premises: PremisesFacts): readonly Mark[] {
  const { declared_at, declared_count, due_at, found_count: found = 0 } = premises;
  const declared = declared_count ?? found;
  return [
    ...(declared_at ? late(declared_at, due_at) : []),
    ...(declared === found ? [] : [mark("count_differs", { declared, found })]),
    ...unverified(premises.author_state),
    ...carried(premises),
    ...keyEnded(premises),
  ];
}

/** Values that nobody brought, and a clock that was before or behind the time it was. */
function carried({
  withheld = [],
  skew_minutes: minutes = 0,
}: Pick<StayFacts, "withheld" | "skew_minutes">): Mark[] {
  return [
    ...(withheld.length > 0 ? [mark("values_withheld", { names: withheld })] : []),
    ...(Math.abs(minutes) > skewMinutes ? [mark("clock_skew", { minutes })] : []),
  ];
}

/** What arrived from a key that had been replaced or left, in the days in which it is still taken. */
function keyEnded({ key_ended_as: reason }: Pick<StayFacts, "key_ended_as">): Mark[] {
  return reason ? [mark("key_ended", { reason })] : [];
}

/** What so many at several premises share that one person may stand behind them. */
function many({ phone, employer, series }: Shared): Mark[] {
  const spreads: readonly (readonly [MarkCode, Spread | undefined])[] = [
    ["many_one_phone", phone],
    ["many_one_employer", employer],
    ["many_one_series", series],
  ];
  return spreads.flatMap(([code, one]) =>
    one && one.count >= manyMin && one.homes >= homesMin ? [mark(code, { count: one.count })] : [],
  );
}

function group({ moved_from, moved_count: count = 0 }: StayFacts): Mark[] {
  return moved_from && count >= groupMin ? [mark("group_moved", { from: moved_from, count })] : [];
}

/** A day of leaving that lies ahead, departures that name different days, and one before the arrival. */
function departure(stay: StayFacts, today: string): Mark[] {
  const { arrived_on, left_on, left_on_before: before = [] } = stay;
  const [arrived, day] = [known(arrived_on), known(left_on)];
  const days = [...new Set([...before, ...(left_on ? [left_on] : [])])];
  return [
    ...(day && earliestDay(day) > today ? [mark("departure_in_future", { left_on: day })] : []),
    ...(days.length > 1 ? [mark("departed_twice", { days })] : []),
    ...(arrived && day && latestDay(day) < earliestDay(arrived)
      ? [mark("departed_before_arrival", { arrived_on: arrived, left_on: day })]
      : []),
  ];
}

function mark(code: MarkCode, params: Mark["params"] = {}): Mark {
  return { code, params };
}

function late(received_at: string, due_at: string | null | undefined): readonly Mark[] {
  if (!due_at || !isLate(Date.parse(received_at), Date.parse(due_at))) return [];
  return [mark("late", { due_at, received_at })];
}

function visa(stay: StayFacts, today: string): readonly Mark[] {
  const expiresOn = known(stay.visa_expires_on);
  if (stay.left_on || !expiresOn) return [];
  return expiry(latestDay(expiresOn), today, "visa_expired", "visa_expires");
}

/** A permit of a year is renewed until 31 March of the next; diplomatic, official and courtesy visas need none. */
function permit(stay: StayFacts, today: string): readonly Mark[] {
  const works = stay.role === "works" || stay.role === "both";
  if (stay.left_on || !works || /^[ABC]$/.test(stay.visa_class ?? "")) return [];
  const state = stay.permit_state ?? "missing";
  if (["missing", "unknown", "none"].includes(state)) return [mark("no_permit_data", { state })];
  if (state === "expired") return [mark("permit_expired")];
  if (!stay.permit_year) return [];
  return expiry(`${stay.permit_year + 1}-03-31`, today, "permit_expired", "permit_expires");
}

/** What has expired or soon will; a paper is valid on its last day. */
function expiry(expires_on: string, today: string, expired: MarkCode, expires: MarkCode): readonly Mark[] {
  const days = (Date.parse(expires_on) - Date.parse(today)) / dayMs;
  if (days < 0) return [mark(expired, { expires_on, days_ago: -days })];
  const within = soonDays.find((limit) => days <= limit);
  return within === undefined ? [] : [mark(expires, { expires_on, days_left: days, within_days: within })];
}

function documentShown(stay: StayFacts): readonly Mark[] {
  const { document_holder: holder = "unknown", mrz_failing: failing = [] } = stay;
  return [
    ...(holder === "person" || holder === "unknown" ? [] : [mark("document_held_by_other", { holder })]),
    ...(failing.length > 0 ? [mark("mrz_check_failed", { failing })] : []),
    ...(stay.mrz_repaired ? [mark("mrz_corrected")] : []),
  ];
}

/** Stays at the same time; a person who moved has one after the other. */
function links(stay: StayFacts): readonly Mark[] {
  const overlapping = (stay.linked ?? []).filter((other) => overlap(stay, other));
  const isElsewhere = (other: LinkedStay) =>
    other.by === "document" && other.premises_id !== stay.premises_id;
  return [
    ...linked("same_document_elsewhere", overlapping.filter(isElsewhere)),
    ...linked(
      "overlapping_stays",
      overlapping.filter((other) => !isElsewhere(other)),
    ),
  ];
}

function linked(code: MarkCode, others: readonly LinkedStay[]): readonly Mark[] {
  return others.length === 0 ? [] : [mark(code, { stays: others.map(({ stay_id }) => stay_id).sort() })];
}

/** Whether the two share a day for certain, the days of moving left out. */
function overlap(stay: StayFacts, other: LinkedStay): boolean {
  return beginsBeforeEnd(stay.arrived_on, other.left_on) && beginsBeforeEnd(other.arrived_on, stay.left_on);
}

function beginsBeforeEnd(arrived: string | null | undefined, left: string | null | undefined): boolean {
  if (left === null || left === undefined) return true;
  const [first, last] = [known(arrived), known(left)];
  return first !== null && last !== null && latestDay(first) < earliestDay(last);
}

function minor(stay: StayFacts, today: string): readonly Mark[] {
  const born = known(stay.born_on);
  const grown = yearsAfter(today, -adultYears);
  if (stay.guardian_is_named || born === null || latestDay(born) <= grown) return [];
  return [mark("minor_without_guardian", { certain: earliestDay(born) > grown })];
}

function unverified(authorState: string | undefined): readonly Mark[] {
  return authorState === "unverified" ? [mark("unverified_owner")] : [];
}

function known(date: string | null | undefined): string | null {
  return date && isPartialDate(date) ? date : null;
}
