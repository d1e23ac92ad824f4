import assert from "node:assert/strict";
import test from "node:test";
import { frameOf } from "../../../dlnlp/ui/shell/drawing.js";

test("a frame is a border, or a shadow that is nothing but one", () => {
  const plain = { borderTopStyle: "none", borderTopWidth: "0px", borderTopColor: "rgb(0, 0, 0)" };
  assert.equal(frameOf({ ...plain, boxShadow: "none" }), null);
  assert.equal(frameOf({ ...plain, boxShadow: "rgb(1, 2, 3) 0px 2px 4px 0px" }), null);
  assert.deepEqual(frameOf({ ...plain, boxShadow: "rgb(1, 2, 3) 0px 0px 0px 2.5px" }), {
    colour: "#010203",
    opacity: 1,
    width: 2.5,
  });
  const bordered = { ...plain, borderTopStyle: "solid", borderTopWidth: "1px", boxShadow: "none" };
  assert.deepEqual(frameOf(bordered), { colour: "#000000", opacity: 1, width: 1 });
});
