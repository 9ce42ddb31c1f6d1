// A coloured box with icon and words, for what has just happened or is to be known before going on.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./state-badge.tsx";

type NoticeProps = {
  readonly tone: Tone;
  readonly icon: IconName;
  /** Spoken when it appears. */
  readonly live?: boolean;
  readonly testId?: string;
  readonly children: ComponentChildren;
};

export function Notice({ tone, icon, live, testId, children }: NoticeProps) {
  return (
    <div class={`notice tone-${tone}`} role={live ? "status" : undefined} data-testid={testId}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
