// The page when it was opened over plain http: browsers give it no keys there, so no form could ever be saved.
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { t } from "../ui/text.ts";
import { secureAddress } from "./rules.ts";

export function InsecurePage() {
  const address = secureAddress(location.href);
  return (
    <Screen title={t("insecure.title")}>
      <Notice tone="returned" icon="warning" testId="insecure">
        <p>{t("insecure.why")}</p>
      </Notice>
      <p>{t("insecure.open")}</p>
      <a class="button first" href={address} data-testid="insecure-open">
        <Icon name="share" /> <span class="code">{address}</span>
      </a>
      <p>{t("insecure.otherwise")}</p>
    </Screen>
  );
}
