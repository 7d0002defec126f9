// The coffee report's API as it ships: what its templates make of requests and answers, and what its model refuses.
//
//     coffee-report synth --format json >template.json && node .ci/api_templates.mjs template.json
//
// To extend: a request goes into BODIES, an answer of Step Functions into ANSWERS. A template that uses more of
// Velocity, `$util` or `$context` than .ci/api_gateway.mjs has fails with what is missing there or in CONTEXT.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import AjvDraft04 from "ajv-draft-04";
import { ESCAPES, NO_BODY, render, respond, substitute } from "./api_gateway.mjs";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const contract = (path) => read(new URL(`../stacks/coffee_report/contract/${path}`, import.meta.url));

const { Resources } = read(process.argv[2] ?? "target/ci/template.json");
const method = Resources.CreateReport.Properties;
const MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:ReportStateMachine-4XfYzQ";
const EXECUTION = `${MACHINE.replace("stateMachine", "execution")}:0e6f2a52-8a1d-4f43-9d0c-2f6b0f6f8f1b`;
const NAMES = { "ReportStateMachine.Arn": MACHINE, ReportStateMachine: MACHINE };
const CONTEXT = { requestId: "9f0f4c46-8f5b-4c0f-9d0e-5b1f0a2f6f1e" };

const TITLES = {
  plain: "Coffee inventory",
  quotes: 'The "best" beans',
  apostrophes: "L'Étoile's ''beans''",
  "an apostrophe after backslashes": "\\' \\\\' \\\\\\'",
  "backslashes at the end": "C:\\beans\\",
  "what looks like an escape": "\\u0027 \\n \\\" \\/",
  emoji: "☕ 🫘 👩🏽‍🌾",
  "other scripts": "قهوة \u202eأسود 珈琲",
  "control characters": "line\r\nbreak\ttab\u0000\u001f\u007f\u2028",
  markup: "</script><script>alert(1)</script>",
  "what Velocity would run": "$util #set($x = 1) ${context.requestId} $!{x} #end ##",
  "what Fn::Sub would replace": "${ReportStateMachine.Arn}",
  "JSON in JSON": JSON.stringify({ title: "it's \"JSON\"" }),
};
const BODIES = [
  ["an empty object", {}],
  ["a limit", { lowStockBelow: 0 }],
  ["a large limit", { lowStockBelow: Number.MAX_SAFE_INTEGER }],
  ...Object.entries(TITLES).map(([name, title]) => [name, { title, lowStockBelow: 3 }]),
];

/** The call of StartExecution that a request becomes. */
function start(request) {
  const template = substitute(method.Integration.RequestTemplates["application/json"], NAMES);
  const text = render(template, { ...request, context: { ...CONTEXT, requestOverride: {} } });
  const call = JSON.parse(text);
  assert.equal(call.stateMachineArn, MACHINE);
  return call;
}

for (const escape of Object.keys(ESCAPES)) {
  for (const [name, body] of BODIES) {
    test(`the execution's input is the body: ${name} (escaping ${escape})`, () => {
      assert.deepEqual(JSON.parse(start({ body: JSON.stringify(body), escape }).input), body);
    });
  }
  for (const noBody of NO_BODY) {
    test(`without a body the input is an empty object (if $input.json is ${noBody || "empty"}, escaping ${escape})`, () => {
      assert.deepEqual(JSON.parse(start({ body: "", noBody, escape }).input), {});
    });
  }
}

for (const escape of Object.keys(ESCAPES)) {
  for (const key of ["2026-11-22_morning", "it's", 'a "quoted" key', "back\\slash", "naïve ☕"]) {
    test(`an idempotency key is the execution's name: ${key} (escaping ${escape})`, () => {
      const call = start({ body: "{}", headers: { "Idempotency-Key": key }, escape });
      assert.equal(call.name, key);
    });
  }
}

for (const name of ["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY", "idempotency-Key"]) {
  test(`a header has no case: ${name}`, () => {
    const headers = { accept: "*/*", [name]: "monday", "X-Idempotency-Key": "other", "idempotency-keys": "another" };
    assert.equal(start({ body: "{}", headers }).name, "monday");
  });
}

test("an empty idempotency key is none", () => {
  assert.deepEqual(Object.keys(start({ body: "{}", headers: { "idempotency-key": "" } })), ["stateMachineArn", "input"]);
});

test("a key in the query string is none, as no header is", () => {
  assert.deepEqual(Object.keys(start({ body: "{}", headers: { Accept: "*/*" } })), ["stateMachineArn", "input"]);
});

test("without an idempotency key Step Functions names the execution", () => {
  assert.deepEqual(Object.keys(start({ body: "{}" })), ["stateMachineArn", "input"]);
});

const fault = (type, message) => JSON.stringify({ __type: type, message });
const SERVICE = "com.amazonaws.swf.service.v2.model";
const VALIDATION = "com.amazon.coral.validate#ValidationException";
/** What Step Functions says of a name that its model does not allow: it quotes the name. */
const constraint = (name, rule = "Member must have length less than or equal to 80") =>
  `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: ${rule}`;
const ANSWERS = [
  ["started", 200, JSON.stringify({ executionArn: EXECUTION, startDate: 1795334400.123 }), "202"],
  ["started, the date written as Java does", 200, `{"executionArn":"${EXECUTION}","startDate":1.795334400123E9}`, "202"],
  ["known by its key", 400, fault(`${SERVICE}#ExecutionAlreadyExists`, `Execution Already Exists: '${EXECUTION}'`), "200"],
  ["with a name that cannot be", 400, fault(`${SERVICE}#InvalidName`, `Invalid Name: '${MACHINE}'`), "400"],
  ["with a name of 81 characters", 400, fault(VALIDATION, constraint("k".repeat(81))), "400"],
  ["with a long name that is called like a fault", 400, fault(VALIDATION, constraint("ExecutionAlreadyExists".repeat(4))), "400"],
  ["with a long name like another fault", 400, fault(VALIDATION, constraint("Throttling".repeat(9))), "400"],
  ["with a name that ends in quotes", 400, fault("ValidationException", constraint(`${"k".repeat(80)}"'\\`)), "400"],
  ["with an empty name", 400, fault(VALIDATION, constraint("", "Member must have length greater than or equal to 1")), "400"],
  ["with an input that cannot be", 400, fault(VALIDATION, "1 validation error detected: Value at 'input' failed to satisfy constraint"), "500"],
  ["throttled", 400, fault("com.amazon.coral.availability#ThrottlingException", `rate of ${MACHINE}`), "429"],
  ["throttled, without a namespace", 400, fault("ThrottlingException", MACHINE), "429"],
  ["too many executions", 400, fault(`${SERVICE}#ExecutionLimitExceeded`, MACHINE), "429"],
  ["no such machine", 400, fault(`${SERVICE}#StateMachineDoesNotExist`, MACHINE), "500"],
  ["not allowed", 400, fault("com.amazon.coral.service#AccessDeniedException", `User: ${MACHINE}`), "500"],
  ["not allowed, by status", 403, fault("AccessDeniedException", MACHINE), "500"],
  ["refused without a type", 400, "{}", "500"],
  ["refused without a body", 400, "", "500"],
  ["failed", 500, fault("InternalFailure", MACHINE), "502"],
  ["unavailable", 503, "", "502"],
];

for (const [name, status, body, expected] of ANSWERS) {
  test(`an execution ${name} is answered with ${expected}`, () => {
    const answer = respond(method, String(status), body, CONTEXT);
    assert.equal(answer.status, expected);
    assert.ok(
      method.MethodResponses.some(({ StatusCode }) => StatusCode === answer.status),
      "the method declares the status",
    );
    if (expected === "202") {
      assert.deepEqual(answer.body, JSON.parse(body));
    } else if (expected === "200") {
      assert.deepEqual(answer.body, { executionArn: EXECUTION });
    } else {
      assert.deepEqual(Object.keys(answer.body), ["message"]);
      assert.doesNotMatch(answer.body.message, /arn:|com\.amazon|exception|denied|machine/i, "no detail leaks");
    }
  });
}

for (const [code, type] of [["202", "accepted"], ["200", "repeated"]]) {
  test(`an answer with ${code} is what the contract has as ${type}`, () => {
    const valid = new Ajv2020({ validateFormats: false }).compile(contract(`schemas/${type}.json`));
    const answers = ANSWERS.filter(([, , , expected]) => expected === code);
    assert.ok(answers.length > 0);
    for (const [, status, body] of answers) assert.ok(valid(respond(method, String(status), body, CONTEXT).body));
  });
}

const SCHEMA = Resources.ReportRequest.Properties.Schema;
const model = new AjvDraft04().compile(SCHEMA);
/** By units of UTF-16, as engines without the flag `u` read a pattern. */
const byUnits = new AjvDraft04({ unicodeRegExp: false }).compile(SCHEMA);

for (const file of readdirSync(new URL("../stacks/coffee_report/contract/samples/", import.meta.url))) {
  if (!file.startsWith("request.")) continue;
  test(`the model takes ${file}`, () => {
    const sample = contract(`samples/${file}`);
    assert.ok(model(sample), JSON.stringify(model.errors));
    assert.deepEqual(JSON.parse(start({ body: JSON.stringify(sample) }).input), sample);
  });
}

for (const { why, value } of contract("invalid/request.json")) {
  test(`the model refuses ${why}`, () => assert.ok(!model(value) && !byUnits(value)));
}

for (const title of ["\ud83d", "\ude00", "a\ud83d", "\ud83d!", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\ude00"]) {
  test(`the model refuses half a surrogate pair: ${JSON.stringify(title)}`, () => {
    assert.ok(!model({ title }) && !byUnits({ title }));
  });
}

for (const title of [TITLES.plain, TITLES.quotes, TITLES.apostrophes, TITLES.emoji, TITLES["other scripts"], TITLES.markup]) {
  test(`the model takes ${title}`, () => assert.ok(model({ title }) && byUnits({ title })));
}

test("the access log has the status that Step Functions answered", () => {
  const line = JSON.parse(Resources.ReportApiStage.Properties.AccessLogSetting.Format);
  assert.equal(line.integration, "$context.integration.status");
  assert.equal(line.status, "$context.status");
});

test("the model is asked, and nothing passes without a template", () => {
  assert.deepEqual(method.RequestModels, { "application/json": { Ref: "ReportRequest" } });
  assert.deepEqual(method.RequestValidatorId, { Ref: "ReportRequestValidator" });
  assert.equal(Resources.ReportRequestValidator.Properties.ValidateRequestBody, true);
  assert.equal(method.Integration.PassthroughBehavior, "NEVER");
});
