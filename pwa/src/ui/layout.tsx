// The frame of every screen: banners, bar with languages, heading and menu; apart so that help, languages and the way
// back stand in the same place everywhere.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Area, areaOf } from "../accounts/rights.ts";
import { Icon, type IconName } from "./icons.tsx";
import { isTakingOver, takeUpdate, updateWaits } from "./installation.ts";
import { phone, role } from "./phone.ts";
import { storage } from "./remembered.ts";
import { path } from "./router.ts";
import { currentLanguage, languages, showLanguage, type TextKey, t } from "./text.ts";

/** Whether the browser believes in a network; it may be wrong in both directions. */
export const online = signal(navigator.onLine);
addEventListener("online", () => {
  online.value = true;
});
addEventListener("offline", () => {
  online.value = false;
});

type ScreenProps = {
  readonly title: string;
  /** Where "back" leads; absent on the first screen. */
  readonly back?: string;
  readonly children: ComponentChildren;
};

export function Screen({ title, back, children }: ScreenProps) {
  const heading = useHeading(title);
  return (
    <>
      <a class="skip" href="#content">
        {t("app.skip")}
      </a>
      <header>
        <Banners />
        <div class="bar no-print">
          {back ? (
            <a class="back" href={back}>
              <Icon name="back" /> {t("app.back")}
            </a>
          ) : (
            <span class="back">{t("app.name")}</span>
          )}
          <LanguageSwitch />
        </div>
      </header>
      <main id="content">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      {phone.value.device.kid !== null && <Menu />}
    </>
  );
}

/** A new screen is a new page for those who listen to it: its heading takes the focus, as a page load would. */
function useHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return heading;
}

function Banners() {
  return (
    <>
      {phone.value.register?.demo && (
        <p class="banner" data-testid="test-data">
          <Icon name="warning" /> {t("banner.test-data")}
        </p>
      )}
      {updateWaits.value && <UpdateBanner />}
      {!storage && (
        <p class="banner" data-testid="storage-blocked">
          <Icon name="warning" /> {t("settings.storage-blocked")}
        </p>
      )}
      {!online.value && (
        <p class="banner offline" role="status">
          <Icon name="offline" /> {t("banner.offline")}
        </p>
      )}
    </>
  );
}

function UpdateBanner() {
  return (
    <p class="banner no-print" role="status">
      {isTakingOver.value ? t("app.loading") : t("app.new-version")}
      {!isTakingOver.value && (
        <button type="button" class="button" onClick={() => void takeUpdate()} data-testid="take-update">
          <Icon name="sending" /> {t("app.new-version-use")}
        </button>
      )}
    </p>
  );
}

export function LanguageSwitch() {
  return (
    <fieldset class="languages" aria-label={t("language.choose")}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={currentLanguage() === language}
          onClick={() => void showLanguage(language)}
          data-testid={`language-${language}`}
        >
          {t(`language.${language}`)}
        </button>
      ))}
    </fieldset>
  );
}

type Place = { readonly to: string; readonly icon: IconName; readonly key: TextKey };

const ownerMenu: readonly Place[] = [
  { to: "/app/", icon: "home", key: "app.home" },
  { to: "/app/outbox", icon: "sending", key: "outbox.menu" },
  { to: "/app/help", icon: "help", key: "help.title" },
  { to: "/app/settings", icon: "settings", key: "settings.title" },
];
const officerMenu: readonly Place[] = [
  { to: "/app/inbox", icon: "work", key: "inbox.menu" },
  { to: "/app/search", icon: "search", key: "search.title" },
  ...ownerMenu.slice(1),
];

const menus: Readonly<Record<Area, readonly Place[]>> = {
  owner: ownerMenu,
  police: officerMenu,
  none: ownerMenu,
};

function Menu() {
  const places = menus[areaOf(role.value)];
  return (
    <nav class="menu no-print" aria-label={t("app.main-menu")}>
      <ul>
        {places.map(({ to, icon, key }) => (
          <li key={to}>
            <a href={to} aria-current={path.value === to ? "page" : undefined}>
              <Icon name={icon} /> {t(key)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
