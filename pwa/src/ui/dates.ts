// Dates and times in the words of the chosen language, from our own tables: Chromium has no Khmer and silently
// answers in US English, so no `toLocale…` is used anywhere.
import { formatKhmerDate, isPartialDate, khmerDigits } from "../facts/dates.ts";
import { currentLanguage, type TextKey, t } from "./text.ts";

const hour = 3600;
const phnomPenhMs = 7 * hour * 1000;

/** `2022-09-24`, `2022-09` or `2022` in words; anything else, such as "unknown", as "not known". */
export function dateInWords(date: string | undefined): string {
  if (currentLanguage() === "km" && isPartialDate(date ?? "")) return formatKhmerDate(date ?? "");
  const [, year, month, day] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(date ?? "") ?? [];
  if (!year) return t("word.unknown");
  if (!month) return t("date.year", { year });
  const name = t(monthKey(month));
  if (!day) return t("date.month", { month: name, year });
  return t("date.day", { day: Number(day), month: name, year });
}

function monthKey(month: string): TextKey {
  return `month.${Number(month)}` as TextKey;
}

/** An instant as the clock in Cambodia shows it. */
export function instantInWords(instant: number | string): string {
  return t("date.day-time", {
    date: dateInWords(inCambodia(instant).slice(0, 10)),
    time: inDigitsOfLanguage(inCambodia(instant).slice(11, 16)),
  });
}

function inDigitsOfLanguage(text: string): string {
  return currentLanguage() === "km" ? khmerDigits(text) : text;
}

function inCambodia(instant: number | string): string {
  return new Date(new Date(instant).getTime() + phnomPenhMs).toISOString();
}

/** Clocks that are this little apart are the same: an answer takes its time on the way. */
const toleranceSeconds = 60;

/**
 * How long ago, roughly; the exact time beyond a week, and for what lies ahead: then the phone's clock was put back
 * since it was last compared with the register's, and how long ago it was nobody knows.
 */
export function agoInWords(instant: number | string, now: number): string {
  const seconds = (now - new Date(instant).getTime()) / 1000;
  if (seconds < -toleranceSeconds) return instantInWords(instant);
  if (seconds < 60) return t("time.just-now");
  if (seconds < hour) return t("time.minutes-ago", { n: Math.floor(seconds / 60) });
  if (seconds < 24 * hour) return t("time.hours-ago", { n: Math.floor(seconds / hour) });
  if (seconds < 7 * 24 * hour) return t("time.days-ago", { n: Math.floor(seconds / (24 * hour)) });
  return instantInWords(instant);
}
