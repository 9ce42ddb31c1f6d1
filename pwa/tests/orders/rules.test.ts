import { expect, test } from "vitest";
import { listAncestors, ordersFor, orderText } from "../../src/orders/rules.ts";

const places = [
  { place_id: "province", parent: null },
  { place_id: "district", parent: "province" },
  { place_id: "commune", parent: "district" },
  { place_id: "elsewhere", parent: "province" },
];
const standing = { id: "standing", places: ["province"], ends_on: "open" };
const due = { id: "due", places: ["district"], ends_on: "open", deadline_at: "2026-03-05T16:59:59.000Z" };
const past = { id: "past", places: ["province"], ends_on: "open", deadline_at: "2026-01-01T16:59:59.000Z" };
const closed = {
  id: "closed",
  places: ["province"],
  ends_on: "2022-12-31",
  deadline_at: "2022-09-24T16:59:59.000Z",
};
const register = { orders: [standing, closed, past, due], places };

function idsAt(place: string): readonly string[] {
  return ordersFor(register, place, "2026-03-02").map(({ id }) => id);
}

test("a commune lies in its district and province", () => {
  expect(listAncestors(places, "commune")).toEqual(["commune", "district", "province"]);
});

test("the next deadline comes first, one that has passed last, and a closed order not at all", () => {
  expect(idsAt("commune")).toEqual(["due", "standing", "past"]);
});

test("an order of another district does not concern a place", () => {
  expect(idsAt("elsewhere")).toEqual(["standing", "past"]);
});

test("an order without the reader's language is shown in Khmer", () => {
  expect(orderText({ id: "o", title: { km: "បទបញ្ជា" } }, "title", "zh")).toBe("បទបញ្ជា");
});
