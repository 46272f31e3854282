import { expect, it } from "vitest";
import { html } from "./markup.ts";

it("escapes values, and takes other pieces as they are", () => {
  const row = html`<td title="${"\"<&>'"}">${1}</td>`;
  expect(row.text).toBe('<td title="&quot;&lt;&amp;&gt;&#39;">1</td>');
  expect(html`<tr>${[row, row]}${undefined}</tr>`.text).toBe(`<tr>${row.text}${row.text}</tr>`);
});
