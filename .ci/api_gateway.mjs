// As much of API Gateway's mapping templates as ours use, over velocityjs. What is not here fails when a template
// asks for it, rather than render as nothing: add it with the words of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html

import { Compile, parse } from "velocityjs";

/** Java's String, as far as needed; velocityjs would call JavaScript's, whose replaceAll knows no patterns. */
const STRING_METHODS = {
  contains: (text, part) => text.includes(part),
  endsWith: (text, part) => text.endsWith(part),
  equals: (text, other) => text === other,
  isEmpty: (text) => text === "",
  length: (text) => text.length,
  matches: (text, pattern) => new RegExp(`^(?:${pattern})$`, "u").test(text),
  replaceAll: (text, pattern, replacement) => text.replace(new RegExp(pattern, "g"), replacement),
  startsWith: (text, part) => text.startsWith(part),
  substring: (text, from, to) => text.substring(from, to),
  toLowerCase: (text) => text.toLowerCase(),
  trim: (text) => text.trim(),
};

const strings = {
  uid: "java.lang.String",
  match: ({ context }) => typeof context === "string",
  resolve: ({ property, context, params }) => {
    if (!Object.hasOwn(STRING_METHODS, property)) throw new Error(`.ci/api_gateway.mjs knows no String.${property}`);
    return STRING_METHODS[property](context, ...params);
  },
};

/**
 * `$util.escapeJavaScript`, in the two readings of "JavaScript string rules": like Commons Lang, which also escapes
 * slashes and whatever is not ASCII (seen in API Gateway), or only what must be. Both escape the apostrophe.
 */
export const ESCAPES = {
  everything: (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/['/]/g, "\\$&")
      .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`),
  the_least: (text) => JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'"),
};

/**
 * What `$input.json('$')` may be without a body: AWS does not document it. `$input.body` is `{}` then, as LocalStack
 * measured (pull request 12413), so a template must cope with any of these.
 */
export const NO_BODY = ["", "{}", "null", '""'];

function input(body, headers, noBody) {
  const at = (path) => {
    if (!/^\$(\.\w+)*$/.test(path)) throw new Error(`.ci/api_gateway.mjs knows no such JSONPath: ${path}`);
    const document = body === "" ? null : JSON.parse(body);
    return path.split(".").slice(1).reduce((value, name) => value?.[name] ?? null, document);
  };
  return {
    body: body === "" ? "{}" : body,
    json: (path) => (body === "" && path === "$" ? noBody : JSON.stringify(at(path))),
    path: at,
    // A name alone is looked up as it is written, in any part of the request; a header's is as the caller wrote it.
    params: (name) => (name === undefined ? { path: {}, querystring: {}, header: headers } : (headers[name] ?? "")),
  };
}

/** Renders a template; `headers` are those of the request, `context` is `$context`, which the template may change. */
export function render(template, { body = "", headers = {}, context = {}, escape = "everything", noBody = "" }) {
  const util = { escapeJavaScript: (text) => ESCAPES[escape](text) };
  const variables = { input: input(body, headers, noBody), util, context };
  // In development it throws where Velocity would print the reference itself.
  return new Compile(parse(template), { env: "development", customMethodHandlers: [strings] }).render(variables);
}

/** The text of a property that may be `Fn::Sub`. */
export function substitute(value, names) {
  if (typeof value === "string") return value;
  return value["Fn::Sub"].replace(/\$\{([^}]+)\}/g, (_, name) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    if (!Object.hasOwn(names, name)) throw new Error(`Fn::Sub of \${${name}}: the test has no value for it`);
    return names[name];
  });
}

/** What the caller gets when the integration answers with that status and body. */
export function respond(method, status, body, context = {}) {
  const responses = method.Integration.IntegrationResponses;
  const matches = ({ SelectionPattern }) => SelectionPattern && new RegExp(`^(?:${SelectionPattern})$`).test(status);
  const response = responses.find(matches) ?? responses.find((one) => !one.SelectionPattern);
  const all = { ...context, responseOverride: {} };
  const text = render(response.ResponseTemplates["application/json"], { body, context: all });
  return { status: String(all.responseOverride.status ?? response.StatusCode), body: JSON.parse(text) };
}
