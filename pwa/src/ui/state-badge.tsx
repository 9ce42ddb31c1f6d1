// Where an entry stands, as word, icon and colour together: nobody has to know the colours.
import { Icon, type IconName } from "./icons.tsx";
import { isTextKey, t } from "./text.ts";

export type Tone = "plain" | "waiting" | "received" | "returned" | "accepted";
type Look = { readonly icon: IconName; readonly tone: Tone };

const looks: Readonly<Record<string, Look>> = {
  draft: { icon: "pen", tone: "plain" },
  saved: { icon: "phone", tone: "waiting" },
  queued: { icon: "clock", tone: "waiting" },
  sending: { icon: "sending", tone: "waiting" },
  held: { icon: "clock", tone: "waiting" },
  received: { icon: "receipt", tone: "received" },
  confirmed: { icon: "receipt", tone: "received" },
  pending: { icon: "work", tone: "received" },
  applied: { icon: "receipt", tone: "received" },
  referred: { icon: "share", tone: "received" },
  accepted: { icon: "check", tone: "accepted" },
  active: { icon: "check", tone: "accepted" },
  returned: { icon: "pen", tone: "returned" },
  rejected: { icon: "warning", tone: "returned" },
  blocked: { icon: "warning", tone: "returned" },
  conflict: { icon: "warning", tone: "returned" },
  unverified: { icon: "clock", tone: "waiting" },
  departed: { icon: "leave", tone: "plain" },
  withdrawn: { icon: "back", tone: "plain" },
  superseded: { icon: "back", tone: "plain" },
  duplicate_of: { icon: "check", tone: "plain" },
};
const plain: Look = { icon: "clock", tone: "plain" };

export function StateBadge({ state }: { readonly state: string }) {
  const look = looks[state] ?? plain;
  const key = `state.${state}`;
  return (
    <span class={`state tone-${look.tone} ${state}`} data-state={state}>
      <Icon name={look.icon} /> {isTextKey(key) ? t(key) : state}
    </span>
  );
}

export function toneOf(state: string): Tone {
  return (looks[state] ?? plain).tone;
}
