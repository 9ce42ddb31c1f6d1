import { expect, test } from "vitest";
import { matchPath } from "../../src/ui/router.ts";

test("another shape or an empty part does not match", () => {
  expect(matchPath("/app/premises/:id", "/app/premises")).toBeNull();
  expect(matchPath("/app/premises/:id", "/app/premises/")).toBeNull();
  expect(matchPath("/app/premises/:id", "/app/stays/1")).toBeNull();
  expect(matchPath("/app/premises/:id", "/app/premises/1/pledge")).toBeNull();
  expect(matchPath("/app/premises/:id", "/app/premises/%E1%9E")).toBeNull();
});

test("a path gives its parts by name", () => {
  expect(matchPath("/app/", "/app/")).toEqual({});
  expect(matchPath("/app/premises/:id/stays/:stay_id", "/app/premises/1/stays/%E1%9E%80")).toEqual({
    id: "1",
    stay_id: "ក",
  });
});
