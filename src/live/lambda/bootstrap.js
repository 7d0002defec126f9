// Runs a Node.js function: takes events from the Lambda runtime API, and gives it results and errors.
//
// The shapes and texts of errors are those of AWS's runtime for Node.js.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html

'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const url = require('url');
const util = require('util');

const root = process.env.LAMBDA_TASK_ROOT;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
let requestId = '';

// Without the API there is nothing to do.
function call(method, what, body, kind) {
  const headers = { 'Content-Type': 'application/json' };
  if (body !== undefined) headers['Content-Length'] = Buffer.byteLength(body);
  if (kind) headers['Lambda-Runtime-Function-Error-Type'] = kind;
  return new Promise((resolve) => {
    const options = { host, port, agent, method, path: '/2018-06-01/runtime/' + what, headers };
    const request = http.request(options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
      response.on('error', () => process.exit(0));
    });
    request.on('error', () => process.exit(0));
    request.end(body);
  });
}

function fault(kind, message) {
  const error = new Error(message);
  error.name = 'Runtime.' + kind;
  error.stack = error.stack.replace(/^[^\n]*/, `${error.name}: ${message}`);
  return error;
}

// The place of a file as it would be on Lambda.
function inTask(text) {
  return text.split(root + path.sep).join('/var/task/');
}

function described(error) {
  if (util.types.isNativeError(error) || (error && error.name && error.message && error.stack)) {
    const own = (line) => !line.includes(__filename);
    const trace = inTask(String(error.stack)).split('\n').filter(own);
    return { errorType: error.name, errorMessage: inTask(error.message), trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

// The log is written at once, so that none of it is lost when the process ends.
function write(level, text) {
  const line = `${new Date().toISOString()}\t${requestId || 'undefined'}\t${level}\t${text}\n`;
  try {
    fs.writeSync(1, line);
  } catch (error) {
    // A function may have closed it.
  }
}

for (const [method, level] of Object.entries({
  log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE',
})) {
  console[method] = (...values) => write(level, util.format(...values));
}

function tell(kind, error, text) {
  write('ERROR', `${kind} Error \t${JSON.stringify({ ...error, stack: error.trace, trace: undefined })}${text || ''}`);
}

function isModule(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file)).type === 'module';
      } catch (error) {
        return false;
      }
    }
    if (at === root || at === path.dirname(at)) return false;
  }
}

async function loadModule(folder, name) {
  const file = path.resolve(root, folder, name);
  const imported = (extension) => import(url.pathToFileURL(file + extension).href);
  try {
    if (fs.existsSync(file + '.js')) {
      return isModule(path.dirname(file)) ? await imported('.js') : require(file + '.js');
    }
    if (fs.existsSync(file + '.mjs')) return await imported('.mjs');
    if (fs.existsSync(file + '.cjs')) return require(file + '.cjs');
    return require(require.resolve(name, { paths: [root, path.resolve(root, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw fault('UserCodeSyntaxError', `${error}`);
    if (error && error.code === 'MODULE_NOT_FOUND') {
      throw fault('ImportModuleError', `Error: ${error.message.split('\n')[0]}`
        + error.message.split('\n').slice(1).filter((line) => !line.includes(__filename)).map((it) => '\n' + it).join(''));
    }
    throw error;
  }
}

async function load(handler) {
  if (handler.includes('..')) {
    throw fault('MalformedHandlerName', `'${handler}' is not a valid handler name. Use absolute paths when specifying `
      + 'root directories in handler names.');
  }
  const name = path.basename(handler);
  const match = name.match(/^([^.]*)\.(.*)$/);
  if (!match) throw fault('MalformedHandlerName', 'Bad handler');
  const app = await loadModule(handler.substring(0, handler.indexOf(name)), match[1]);
  const found = match[2].split('.').reduce((nested, key) => nested && nested[key], app);
  if (!found) throw fault('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw fault('HandlerNotFound', `${handler} is not a function`);
  return found;
}

// The result of a handler, which returns it, promises it, or calls back with it.
function handle(handler, event, context) {
  let nothingLeft;
  const handled = new Promise((resolve, reject) => {
    const callback = (error, result) => {
      if (error === undefined || error === null) resolve(result);
      else reject(error);
    };
    const fail = (error) => reject(error === undefined || error === null ? 'handled' : error);
    Object.assign(context, { done: callback, succeed: resolve, fail });
    // The process would end, and nobody has called back.
    nothingLeft = () => resolve(null);
    process.once('beforeExit', nothingLeft);
    const result = handler(event, context, callback);
    if (result && typeof result.then === 'function') result.then(resolve, reject);
  });
  return handled.finally(() => process.off('beforeExit', nothingLeft));
}

function serialized(result) {
  try {
    const text = JSON.stringify(result === undefined ? null : result);
    return text === undefined ? 'null' : text;
  } catch (error) {
    throw fault('MarshalError', 'Unable to stringify response body');
  }
}

function crash(error) {
  const what = described(error);
  tell('Uncaught Exception', { ...what });
  const done = () => process.exit(129);
  if (!requestId) return call('POST', 'init/error', JSON.stringify(what), what.errorType).then(done);
  return call('POST', `invocation/${requestId}/error`, JSON.stringify(what), what.errorType).then(done);
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', (reason) => {
  const text = util.types.isNativeError(reason) ? `${reason.name}: ${reason.message}` : String(reason);
  return crash(fault('UnhandledPromiseRejection', text));
});

async function main() {
  let handler;
  try {
    handler = await load(process.env._HANDLER);
  } catch (error) {
    await crash(error);
    return;
  }
  for (;;) {
    requestId = '';
    const { headers, body } = await call('GET', 'invocation/next');
    requestId = headers['lambda-runtime-aws-request-id'];
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] || '';
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: undefined,
      identity: undefined,
      invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    try {
      const result = serialized(await handle(handler, JSON.parse(body), context));
      await call('POST', `invocation/${requestId}/response`, result);
    } catch (error) {
      const what = described(error);
      tell('Invoke', what);
      await call('POST', `invocation/${requestId}/error`, JSON.stringify(what), what.errorType);
    }
  }
}

main();
