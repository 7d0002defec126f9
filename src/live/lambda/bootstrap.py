"""Runs a Python function: takes events from the Lambda runtime API, and gives it results and errors.

The shapes and texts of errors are those of AWS's runtime for Python.
https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

ROOT = os.environ["LAMBDA_TASK_ROOT"]
BASE = "/2018-06-01/runtime/"


class Fault(Exception):
    """An error of the runtime, with its type."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = kind
        self.trace = trace or []


class Context:
    """The context object of an invocation."""

    function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
    function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
    memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
    log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
    log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
    client_context = None
    identity = None

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        """The milliseconds until the function times out."""
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        """Writes to the log."""
        sys.stdout.write(str(message))


class Encoder(json.JSONEncoder):
    """JSON as the runtime writes it: it takes decimal numbers and bytes, too."""

    def default(self, o):
        if isinstance(o, decimal.Decimal):
            return int(o) if o.is_finite() and o.as_tuple().exponent >= 0 else float(o)
        if isinstance(o, bytes):
            return o.decode("utf-8")
        return super().default(o)


class Api:
    """The runtime API, on a connection that is kept."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def call(self, method, path, body=None, kind=None):
        """Sends a request; gives the headers and the body of its response. Without the API there is nothing to do."""
        headers = {"Content-Type": "application/json"}
        if kind:
            headers["Lambda-Runtime-Function-Error-Type"] = kind
        try:
            self.connection.request(method, BASE + path, body, headers)
            response = self.connection.getresponse()
            return response.headers, response.read()
        except (OSError, http.client.HTTPException):
            os._exit(0)


def load(name):
    """The handler of that name, `module.function`."""
    try:
        module, function = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}")
    if module.split(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module} as a handler module"
        )
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}")
    except SyntaxError as error:
        place = f'  File "{in_task(error.filename)}" Line {error.lineno}\n    {error.text}'
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}", [place])
    try:
        return getattr(loaded, function)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module}'")


def in_task(file):
    """The place of a file as it would be on Lambda."""
    if file and file.startswith(ROOT + os.sep):
        return "/var/task" + file[len(ROOT):]
    return file


def described(error, request_id):
    """The error as Lambda gives it."""
    if isinstance(error, Fault):
        kind, message, trace = error.kind, str(error), error.trace
    else:
        kind, message = type(error).__name__, str(error)
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename != __file__]
        trace = traceback.format_list(
            [(in_task(frame.filename), frame.lineno, frame.name, frame.line) for frame in own or frames]
        )
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def tell(error):
    """Writes an error to the log."""
    lines = ["[ERROR] " + error["errorType"] + (": " + error["errorMessage"] if error["errorMessage"] else "")]
    if error["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines += [line for entry in error["stackTrace"] for line in entry.splitlines()]
    try:
        print("\n".join(lines))
        flush()
    except (OSError, ValueError):
        pass


def flush():
    """Lets the log have what is held back. A function may have closed it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass


class RequestId(logging.Filter):
    """Gives each record of the log the id of the request."""

    current = ""

    def filter(self, record):
        record.aws_request_id = RequestId.current
        return True


def set_up_logging():
    """The root logger has a handler, as it has on Lambda."""
    logging.Formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stdout)
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
    handler.setFormatter(logging.Formatter(form, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestId())
    logging.getLogger().addHandler(handler)


def dumps(value):
    """JSON; characters beyond ASCII are escaped by the runtimes before 3.12."""
    runtime = os.environ.get("AWS_EXECUTION_ENV", "")
    old = runtime in {f"AWS_Lambda_python3.{minor}" for minor in range(6, 12)}
    return json.dumps(value, cls=Encoder, ensure_ascii=old)


def invoke(handler, headers, body):
    """The result of an invocation, or its error."""
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    RequestId.current = request_id
    os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"] or ""
    try:
        try:
            event = json.loads(body)
        except ValueError as error:
            raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
        result = handler(event, Context(headers))
        if isinstance(result, bytes):
            return result, None
        try:
            return dumps(result).encode("utf-8"), None
        except Exception as error:
            raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")
    except Exception as error:
        return None, described(error, request_id)


def main():
    sys.path[0] = ROOT
    sys.stdout.reconfigure(line_buffering=True)
    set_up_logging()
    api = Api()
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:
        error = described(error, "")
        tell(error)
        api.call("POST", "init/error", dumps(error), error["errorType"])
        flush()
        os._exit(1)
    while True:
        headers, body = api.call("GET", "invocation/next")
        path = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
        result, error = invoke(handler, headers, body)
        if error is None:
            flush()
            api.call("POST", path + "/response", result)
        else:
            tell(error)
            api.call("POST", path + "/error", dumps(error), error["errorType"])


main()
