import assert from "node:assert/strict";
import { parseJunit } from "../../../src/app/read-junit.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const RED = '<testcase name="logs in"><failure message="no button">at line 3</failure></testcase>';
const GREEN = '<testcase classname="a" name="b" time="0.1"/>';
const GRAMMAR = {
  samples: [
    `<?xml version="1.0"?><testsuites><testsuite name="x">${GREEN}${RED}</testsuite></testsuites>`,
    `<testsuite>${RED}</testsuite>`,
    `<testsuite><testsuite>${GREEN}${RED}</testsuite>${GREEN}</testsuite>`,
    `<testsuites><testsuite>${GREEN}</testsuite></testsuites>\n`,
    '<testsuite><testcase name="c"><error>boom</error><system-out><![CDATA[<x>]]></system-out></testcase></testsuite>',
    "<testsuite><testcase><skipped/></testcase><!-- none --></testsuite>",
  ],
  pieces: [
    "<?x",
    "?>",
    '"',
    RED,
    GREEN,
    "<testsuite>",
    "</testsuite>",
    "<testcase>",
    "</testcase>",
    "<failure/>",
    "<error/>",
    "<failure>",
    "</failure>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml?>",
    '<!DOCTYPE a [<!ENTITY x "y">]>',
    "&x;",
    "&#0;",
    "<x>",
    "</x>",
    ' a="b"',
    "<a:b>",
    "<__proto__>",
  ],
};

export const JUNIT: FuzzedParser = {
  name: "JUnit",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (text) => {
    const { failures, problem } = parseJunit(text);
    if (problem !== null) {
      assert.notEqual(problem, "");
      return false;
    }
    for (const failure of failures) assert.equal(typeof failure, "string");
    if (saysFailure(text)) assert.notEqual(failures.length, 0, "a failure is taken for green");
    return true;
  },
};

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z]+)(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*?(\/?)>/g;

/** Whether an element `failure` or `error` begins within a test case: looked for in the text, not in a document. */
function saysFailure(text: string): boolean {
  let open = 0;
  for (const [, end, name, empty] of text.matchAll(TOKEN)) {
    if (name === "testcase" && empty === "") open += end === "/" ? -1 : 1;
    if ((name === "failure" || name === "error") && end === "" && open > 0) return true;
  }
  return false;
}
