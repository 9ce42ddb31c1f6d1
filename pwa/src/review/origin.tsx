// The same words at the head of an entry, with what a test can read.
import type { Entry } from "../ui/entries.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { gradeOf, originInWords } from "./grade.ts";

const icons: Readonly<Record<string, IconName>> = { author: "pen", paper: "print", register: "sending" };

export function Origin({ entry }: { readonly entry: Entry }) {
  const grade = gradeOf(entry);
  return (
    <p class="soft" data-testid="grade" data-grade={grade}>
      <Icon name={icons[grade] ?? "pen"} /> {originInWords(entry)}
    </p>
  );
}
