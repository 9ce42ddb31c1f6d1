// Where the person is in the app: the address as a signal over the History API, apart from the pages that it chooses.
import { signal } from "@preact/signals";

/** The path without query and fragment, such as `/app/premises/…`. */
export const path = signal(typeof location === "undefined" ? "/app/" : location.pathname);

export type Parameters = Readonly<Record<string, string>>;

/** Goes to a path of the app, with query or fragment if any; `replace` leaves no way back. */
export function navigate(to: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** The parameters when `at` has the shape of `pattern` (`/app/premises/:id`), else null. */
export function matchPath(pattern: string, at: string): Parameters | null {
  const wanted = pattern.split("/");
  const given = at.split("/").map(decodePart);
  if (wanted.length !== given.length) return null;
  const pairs = wanted.map((part, index) => [part, given[index] ?? ""] as const);
  if (pairs.some(([part, value]) => (part.startsWith(":") ? value === "" : part !== value))) return null;
  return Object.fromEntries(
    pairs.flatMap(([part, value]) => (part.startsWith(":") ? [[part.slice(1), value]] : [])),
  );
}

/** A part cut off in the middle of a character, as links in messages get, leads nowhere. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** Follows the back button, and turns plain clicks on links inside the app into `navigate`. */
export function startRouter(): void {
  addEventListener("popstate", () => {
    path.value = location.pathname;
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !staysInside(event, link)) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}

function staysInside(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const own = link.origin === location.origin && link.pathname.startsWith("/app/");
  return plain && own && !link.target && !link.hasAttribute("download") && !event.defaultPrevented;
}
