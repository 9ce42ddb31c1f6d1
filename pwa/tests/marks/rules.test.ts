import { expect } from "vitest";
import {
  type Mark,
  type MarkCode,
  type PremisesFacts,
  premisesMarks,
  type Side,
  type StayFacts,
  stayMarks,
  visibleMarks,
} from "../../src/marks/rules.ts";
import { golden } from "../golden.ts";

type Stay = { today: string; stay: StayFacts; marks: Mark[] };
golden<Stay>("marks", "stays", "a stay has the marks that follow from its facts", (given) =>
  expect(stayMarks(given.stay, given.today)).toEqual(given.marks),
);

type Premises = { premises: PremisesFacts; marks: Mark[] };
golden<Premises>("marks", "premises", "premises have the marks of their declaration", (given) =>
  expect(premisesMarks(given.premises)).toEqual(given.marks),
);

type Visible = { side: Side; codes: MarkCode[]; visible: MarkCode[] };
golden<Visible>("marks", "visible", "each side sees the marks meant for it", (given) => {
  const marks = given.codes.map((code) => ({ code, params: {} }));
  expect(visibleMarks(marks, given.side).map(({ code }) => code)).toEqual(given.visible);
});
