// Chooses the screen for the address: one table. What the first screens do not need is loaded when it is
// first opened; the worker keeps all of it, so that this works without signal.
import type { ComponentChildren, ComponentType } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { HelpPage } from "../accounts/help.tsx";
import { FirstRunPage } from "../accounts/page.tsx";
import { areaOf, mayDeclare } from "../accounts/rights.ts";
import { HomePage, PremisesPage } from "../premises/page.tsx";
import { mayCorrect } from "../review/grade.ts";
import type { Entry } from "./entries.ts";
import { Screen } from "./layout.tsx";
import { lazyPage } from "./lazy.tsx";
import { isBroken, isLoaded, phone, role } from "./phone.ts";
import { matchPath, type Parameters, path } from "./router.ts";
import { t } from "./text.ts";

const settings = () => import("../accounts/settings.tsx");
const SettingsPage = lazyPage(() => settings().then((pages) => pages.SettingsPage));
const EndedPage = lazyPage(() => settings().then((pages) => pages.EndedPage));
const InsecurePage = lazyPage(() => import("../accounts/insecure.tsx").then((pages) => pages.InsecurePage));
const PremisesForm = lazyPage(() => import("../premises/form.tsx").then((pages) => pages.PremisesForm));
const StayPage = lazyPage(() => import("../stays/page.tsx").then((pages) => pages.StayPage));
const DeclarationPage = lazyPage(() =>
  import("../declarations/page.tsx").then((pages) => pages.DeclarationPage),
);
const NoAreaPage = lazyPage(() => settings().then((pages) => pages.NoAreaPage));
const OutboxPage = lazyPage(() => import("../ledger/outbox.tsx").then((pages) => pages.OutboxPage));
const stayForm = () => import("../stays/form.tsx");
const NewStayPage = lazyPage(() => stayForm().then((pages) => pages.NewStayPage));
const CorrectStayPage = lazyPage(() => stayForm().then((pages) => pages.CorrectStayPage));
const PledgePage = lazyPage(() => import("../pledges/page.tsx").then((pages) => pages.PledgePage));
const officer = () => import("../review/pages.ts");
const InboxPage = lazyPage(() => officer().then((pages) => pages.InboxPage));
const EntryPage = lazyPage(() => officer().then((pages) => pages.EntryPage));
const SearchPage = lazyPage(() => officer().then((pages) => pages.SearchPage));
const SheetPage = lazyPage(() => officer().then((pages) => pages.SheetPage));
const ReceiptPage = lazyPage(() => import("../ledger/receipt.tsx").then((pages) => pages.ReceiptPage));
const VerifyPage = lazyPage(() => import("../ledger/verify.tsx").then((pages) => pages.VerifyPage));

type Route = readonly [pattern: string, show: (parameters: Parameters) => preact.JSX.Element];

/** Open to everybody, also before the first run and after signing out. */
const publicRoutes: readonly Route[] = [
  ["/app/help", () => <HelpPage />],
  ["/app/verify", () => <VerifyPage />],
  ["/verify", () => <VerifyPage />],
];

/** For every role, also for one that has no area in the app. */
const commonRoutes: readonly Route[] = [
  ["/app/register", () => <FirstRunPage />],
  ["/app/outbox", () => <OutboxPage />],
  ["/app/settings", () => <SettingsPage />],
  ["/app/receipts/:id", ({ id = "" }) => <ReceiptPage key={id} id={id} />],
];

const routes: readonly Route[] = [
  ["/app/", () => (role.value === "owner" ? <HomePage /> : <InboxPage />)],
  ["/app/inbox", () => <InboxPage />],
  ["/app/search", () => <SearchPage />],
  ["/app/inbox/:id", ({ id }) => withEntry(id, (entry) => <EntryPage key={entry.id} entry={entry} />)],
  ["/app/premises/:id", ({ id }) => withPremises(id, role.value === "owner" ? PremisesPage : SheetPage)],
  ["/app/stays/:id", ({ id }) => withStay(id, StayPage)],
  ["/app/stays/:id/correct", ({ id }) => withStay(id, CorrectStayPage)],
];

/** Screens that write, for those from whom the register takes it. */
const declaringRoutes: readonly Route[] = [
  ["/app/premises/new", () => <PremisesForm />],
  [
    "/app/premises/:id/correct",
    ({ id }) =>
      withEntry(id, (entry) =>
        mayCorrect(entry) ? <PremisesForm key={entry.id} entry={entry} /> : <SheetPage premises={entry} />,
      ),
  ],
  ["/app/premises/:id/stays/new", ({ id }) => withPremises(id, NewStayPage)],
  ["/app/premises/:id/declare", ({ id }) => withPremises(id, DeclarationPage)],
  ["/app/premises/:id/pledge", ({ id }) => withPremises(id, PledgePage)],
];

/** One screen at a time: what breaks one is said in its place, and the next begins anew. */
export function App() {
  return (
    <Guarded key={path.value}>
      <Current />
    </Guarded>
  );
}

function Guarded({ children }: { readonly children: ComponentChildren }) {
  const [error] = useErrorBoundary((found) => reportError(found));
  return error ? <NothingHere text={t("app.defect")} /> : children;
}

function Current() {
  // Help needs no key. Everything else would end in a form that cannot be saved, so that is said first.
  if (!globalThis.crypto?.subtle && path.value !== "/app/help") return <InsecurePage />;
  if (isBroken.value) return <NothingHere text={t("app.storage-broken")} />;
  if (!isLoaded.value) return <p class="bar">{t("app.loading")}</p>;
  const open = findRoute(publicRoutes);
  if (open) return open;
  if (phone.value.device.ended) return <EndedPage ended={phone.value.device.ended} />;
  if (phone.value.device.kid === null) return <FirstRunPage />;
  return findRoute(listRoutes(role.value)) ?? <NothingHere text={t("app.not-found")} />;
}

/** Writing goes first: `/app/premises/new` names no premises. */
function listRoutes(ofRole: string): readonly Route[] {
  if (areaOf(ofRole) === "none") return [...commonRoutes, ["/app/", () => <NoAreaPage />]];
  return [...commonRoutes, ...(mayDeclare(ofRole) ? declaringRoutes : []), ...routes];
}

function findRoute(table: readonly Route[]): preact.JSX.Element | null {
  for (const [pattern, show] of table) {
    const parameters = matchPath(pattern, path.value);
    if (parameters) return show(parameters);
  }
  return null;
}

function withEntry(id: string | undefined, show: (entry: Entry) => preact.JSX.Element) {
  const entry = phone.value.entries.get(id ?? "");
  return entry ? show(entry) : <NothingHere text={t("app.gone")} />;
}

function withPremises(id: string | undefined, Page: ComponentType<{ readonly premises: Entry }>) {
  return withEntry(id, (entry) => <Page key={entry.id} premises={entry} />);
}

/** Whoever may not change a stay reads it as the post does, however he came to its address. */
function withStay(id: string | undefined, Page: ComponentType<{ readonly entry: Entry }>) {
  return withEntry(id, (entry) => {
    const Shown = mayCorrect(entry) ? Page : EntryPage;
    return <Shown key={entry.id} entry={entry} />;
  });
}

function NothingHere({ text }: { readonly text: string }) {
  return (
    <Screen title={t("problem.summary")} back="/app/">
      <p>{text}</p>
    </Screen>
  );
}
