import { expect, test } from "vitest";
import { bodyJson } from "./body-json.ts";

const bytes = (text: string) => Buffer.from(text);

test("text and JSON are text, whatever else is base64", () => {
  expect(bodyJson({ body: bytes("héllo"), bodyBytes: 6, contentType: "text/plain" })).toEqual({ text: "héllo" });
  expect(bodyJson({ body: bytes("{}"), bodyBytes: 2, contentType: "application/json" })).toEqual({ text: "{}" });
  expect(bodyJson({ body: bytes("{}"), bodyBytes: 2, contentType: "image/png" })).toEqual({ base64: "e30=" });
  expect(bodyJson({ body: Buffer.from([0xff]), bodyBytes: 1, contentType: "text/plain" })).toEqual({ base64: "/w==" });
});
